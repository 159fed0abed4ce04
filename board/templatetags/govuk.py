"""Tags behind the crispy-forms pack in templates/govuk/.

They answer three questions a template cannot: which shape a field has, what its control
looks like with the right classes and ARIA, and which input each error belongs to.
"""

from django import forms, template
from django.forms.formsets import BaseFormSet
from django.utils.functional import Promise

from board.asking import please, what_is_wrong

register = template.Library()


@register.filter
def field_kind(field):
    """The template of templates/govuk/ that draws this bound field, without ".html"."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.MultiWidget):
        return "parts"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.Textarea) and field.field.max_length:
        return "count"
    return "control"


@register.filter
def field_template(field):
    return f"govuk/fields/{field_kind(field)}.html"


def control_class(widget):
    """The govuk-frontend block for a single control."""
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    if isinstance(widget, forms.Select):
        return "govuk-select"
    if isinstance(widget, forms.FileInput):
        return "govuk-file-upload"
    return "govuk-input"


def described_by(field):
    """Ids of everything that explains the field: the writer's own, hint, error, count."""
    ids = [field.field.widget.attrs.get("aria-describedby") or field.aria_describedby]
    if field_kind(field) == "count" and field.auto_id:
        ids.append(f"{input_id(field)}-info")
    return " ".join(id for id in ids if id)


@register.filter
def input_id(field):
    return field.field.widget.attrs.get("id") or field.auto_id


@register.filter
def description(field):
    return described_by(field)


@register.simple_tag
def control(field):
    """The field's own widget, with govuk-frontend classes. Attributes the form set are kept.

    ``required`` is left out: the browser's own pop-ups hide our sentences and cannot be
    read at leisure. ``placeholder`` is left out: it goes as soon as one types. ``maxlength``
    is left out of a counted textarea, because it would cut off pasted text without a word.
    """
    widget = field.field.widget
    block = control_class(widget)
    classes = [block, widget.attrs.get("class", "")]
    if field.errors:
        classes.append(f"{block}--error")
    attrs = {"class": " ".join(c for c in classes if c), "id": input_id(field)}
    if field_kind(field) == "count":
        attrs["class"] += " govuk-js-character-count"
        attrs["maxlength"] = False
    if isinstance(widget, forms.NumberInput):
        attrs.setdefault("inputmode", widget.attrs.get("inputmode", "numeric"))
    if isinstance(widget, forms.PasswordInput):
        attrs.update({"spellcheck": "false", "autocapitalize": "none"})
    attrs = field.build_widget_attrs(attrs)
    attrs |= {"required": False, "placeholder": False}
    attrs["aria-describedby"] = described_by(field) or False
    return widget.render(
        name=field.html_initial_name if field.field.show_hidden_initial else field.html_name,
        value=field.value(),
        attrs=attrs,
        renderer=field.form.renderer,
    )


@register.simple_tag
def checkbox(field):
    """A single yes-or-no box."""
    attrs = field.build_widget_attrs({"id": input_id(field)})
    own = field.field.widget.attrs.get("class", "")
    attrs["class"] = f"govuk-checkboxes__input {own}".strip()
    attrs["required"] = False
    return field.field.widget.render(
        field.html_name, field.value(), attrs, renderer=field.form.renderer
    )


@register.simple_tag
def options(field):
    """Choices of a radio or checkbox field: dicts with id, name, value, label, checked."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": input_id(field)})
    values = widget.format_value(field.value())
    rows = []
    for group, members, _ in widget.optgroups(field.html_name, values, attrs):
        for index, option in enumerate(members):
            own = {
                name: value
                for name, value in option["attrs"].items()
                if name not in {"id", "checked", "required", "class", "aria-describedby"}
            }
            rows.append(
                {
                    "id": option["attrs"].get("id", ""),
                    "name": option["name"],
                    "value": option["value"],
                    "label": option["label"],
                    "checked": option["selected"],
                    "group": group if index == 0 else None,
                    "attrs": own,
                }
            )
    return rows


@register.simple_tag
def parts(field):
    """Boxes of a multi-part field (a day): dicts with label, suffix and the drawn input."""
    multi = field.field.widget
    attrs = {"id": input_id(field)}
    if field.field.disabled:
        attrs["disabled"] = True
    context = multi.get_context(field.html_name, field.value(), attrs)
    at_fault = boxes_at_fault(field)
    rows = []
    drawn = zip(multi.widgets, multi.widgets_names, context["widget"]["subwidgets"], strict=True)
    for inner, name, data in drawn:
        suffix = name.lstrip("_")
        wrong = bool(field.errors) and (not at_fault or suffix in at_fault)
        block = control_class(inner)
        own = dict(data["attrs"])
        own["class"] = " ".join(
            c for c in (block, own.get("class", ""), f"{block}--error" if wrong else "") if c
        )
        own["required"] = False
        own["aria-invalid"] = "true" if wrong else False
        rows.append(
            {
                "id": own.get("id", ""),
                "label": own.pop("aria-label", "") or suffix.replace("_", " ").capitalize(),
                "html": inner.render(
                    data["name"], data["value"], own, renderer=field.form.renderer
                ),
            }
        )
    return rows


def boxes_at_fault(field):
    """Names of the boxes that the field's errors point at; empty when they point at none."""
    names = []
    for error in field.form.errors.as_data().get(field.name, []):
        names += (getattr(error, "params", None) or {}).get("boxes", [])
    return names


def first_input_id(field):
    """The id of the input that a link to this field must give the focus to."""
    kind = field_kind(field)
    base = input_id(field)
    if kind == "hidden" or not base:
        return ""
    if kind in {"radios", "checkboxes"}:
        rows = options(field)
        return rows[0]["id"] if rows else ""
    if kind == "parts":
        names = [name.lstrip("_") for name in field.field.widget.widgets_names]
        wrong = [names.index(box) for box in boxes_at_fault(field) if box in names]
        return f"{base}_{wrong[0] if wrong else 0}"
    return base


@register.filter
def error_texts(field):
    """The field's errors as sentences that say what to do. Our own stay as they are; Django's
    ("This field is required.") are put in the words of the label."""
    texts = []
    for error in field.errors.as_data():
        text = None
        if isinstance(error.message, Promise) and field.label:
            if error.code == "required":
                text = missing(field)
            else:
                text = own_kind(field, error.code) or what_is_wrong(
                    str(field.label), error.code, error.params
                )
        texts += [text] if text else error.messages
    return texts


def missing(field):
    kind, widget = field_kind(field), field.field.widget
    if kind == "checkbox":
        return f"Tick “{field.label}” to go on"
    if kind in {"radios", "checkboxes"} or isinstance(widget, (forms.Select, forms.FileInput)):
        return please("Choose", str(field.label))
    return please("Give" if isinstance(field.field, forms.DateField) else "Enter", str(field.label))


def own_kind(field, code):
    """What an answer of the wrong form should look like."""
    if code != "invalid":
        return None
    if isinstance(field.field, forms.EmailField):
        return "Enter an e-mail address such as name@example.org"
    if isinstance(field.field, forms.IntegerField):
        return f"{field.label} must be a whole number, such as 3"
    return None


def layout_order(form):
    """Field names in the order in which the page shows them."""
    names = []
    layout = getattr(getattr(form, "helper", None), "layout", None)
    if layout is not None:
        names = [pointer.name for pointer in layout.get_field_names() if pointer.name]
    shown = [name for name in names if name in form.fields]
    return shown + [name for name in form.fields if name not in shown]


def form_problems(form):
    """Each error of a form as {"target", "text"}; target is "" where there is no input.

    A form may carry ``summary_label`` ("Fraud"), put before its sentences where several
    forms on a page ask the same thing.
    """
    if not form.is_bound:
        return []
    label = getattr(form, "summary_label", "")
    prefix = f"{label}: " if label else ""
    rows = [{"target": "", "text": f"{prefix}{text}"} for text in form.non_field_errors()]
    for name in layout_order(form):
        if name in form.errors:
            field = form[name]
            target = first_input_id(field)
            rows += [{"target": target, "text": f"{prefix}{text}"} for text in error_texts(field)]
    return rows


@register.simple_tag
def error_list(*forms_shown):
    """Problems of the given forms, formsets or lists of either, in the order given."""
    problems = []
    for item in forms_shown:
        if isinstance(item, BaseFormSet):
            if item.is_bound:
                problems += [{"target": "", "text": str(e)} for e in item.non_form_errors()]
            for form in item:
                problems += form_problems(form)
        elif isinstance(item, forms.BaseForm):
            problems += form_problems(item)
        elif isinstance(item, (list, tuple)):
            problems += error_list(*item)
    return problems
