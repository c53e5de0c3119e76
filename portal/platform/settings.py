"""stand-in until the real one is merged"""
import functools, os
class S: pass
_o = {}
@functools.cache
def settings():
    s = S()
    s.database_url = _o.get("database_url") or os.environ.get("PORTAL_DATABASE_URL","")
    s.owner_url = _o.get("owner_url") or os.environ.get("PORTAL_OWNER_URL","")
    s.url = "http://127.0.0.1:8000"; s.data = os.environ.get("PORTAL_DATA","/tmp/portal-data"); s.secret_keys=("k"*32,); s.trusted_proxies=(); s.log="info"; s.smtp_url=None; s.documents_url=None; s.broker_url=None
    return s
def override(**kw):
    _o.update(kw); settings.cache_clear()
