from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "config"
    verbose_name = "Roof"
