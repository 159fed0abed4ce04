from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls.converters import IntConverter, register_converter

from board import triggers
from board.fields import KEY_FIGURES


def install_triggers(**kwargs):
    triggers.install()


class KeyConverter(IntConverter):
    """`<key:…>` in an address: the key of a record. A number that no table can hold is the key of
    nothing; asked for it, the database answers with an error."""

    regex = f"[0-9]{{1,{KEY_FIGURES}}}"


class BoardConfig(AppConfig):
    name = "board"
    frozen = {"board_auditevent": {"UPDATE": None, "DELETE": None}}

    def ready(self):
        register_converter(KeyConverter, "key")
        post_migrate.connect(install_triggers, dispatch_uid="board.triggers")
