"""Mail domains that say nothing about who belongs together: of public providers, and of nobody at all."""

from typing import Final

PUBLIC: Final = frozenset(
    {
        *("126.com", "139.com", "163.com", "189.cn", "aliyun.com", "aol.com", "bluewin.ch", "foxmail.com", "free.fr"),
        *("fastmail.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com"),
        *("hotmail.de", "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.com", "mac.com", "mail.ru"),
        *("me.com", "msn.com", "naver.com", "orange.fr", "outlook.com", "outlook.de", "proton.me", "protonmail.com"),
        *("qq.com", "sina.cn", "sina.com", "sohu.com", "t-online.de", "vip.qq.com", "wanadoo.fr", "web.de"),
        *("yahoo.com", "yahoo.de", "yahoo.fr", "yandex.ru", "yeah.net", "zoho.com"),
    }
)
# Top-level names that nobody can own (RFC 2606, RFC 6761).
RESERVED: Final = ("test", "example", "invalid", "localhost")


def says_nothing(domain: str) -> bool:
    """Whether two addresses of this domain have no more in common than that."""
    return domain in PUBLIC or domain.rpartition(".")[2] in RESERVED
