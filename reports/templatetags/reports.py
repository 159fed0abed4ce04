"""Filters for the sentences of a drafted report, and what this app shows on others' pages."""

from django import template

from reports import english

register = template.Library()


@register.filter
def agreed(words):
    return english.agreed(words)


@register.filter
def counted(count, one):
    return english.counted(count, one)


@register.filter
def times(count):
    """ "once", "twice", "three times"."""
    return {1: "once", 2: "twice"}.get(count, f"{english.number(count)} times")
