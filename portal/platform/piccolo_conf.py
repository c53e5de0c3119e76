"""Where Piccolo's own commands find the portal. `DB` is replaced while migrations run as the owner."""

from piccolo.conf.apps import AppRegistry

from portal.platform.database import Engine
from portal.platform.settings import settings

DB = Engine(config={"dsn": settings().owner_url})
APP_REGISTRY = AppRegistry(apps=["portal.platform.piccolo_app"])
