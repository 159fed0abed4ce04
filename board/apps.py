from django.apps import AppConfig
from django.db.models.signals import post_migrate

from board import triggers


def install_triggers(**kwargs):
    triggers.install()


class BoardConfig(AppConfig):
    name = "board"
    frozen = {"board_auditevent": {"UPDATE": None, "DELETE": None}}

    def ready(self):
        post_migrate.connect(install_triggers, dispatch_uid="board.triggers")
