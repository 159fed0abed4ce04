from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    frozen = {"reports_issue": {"UPDATE": None, "DELETE": None}}
