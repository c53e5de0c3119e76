"""The portal as one Piccolo app: its migrations are SQL written and reviewed by people."""

from piccolo.conf.apps import AppConfig

from portal.platform.paths import resource

APP_CONFIG = AppConfig(app_name="portal", migrations_folder_path=str(resource("migrations")))
