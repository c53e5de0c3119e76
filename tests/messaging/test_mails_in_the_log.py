"""A mail in the log: it has a heading, and its states are words of its reader."""

import re

from portal.access.commands import change_language
from tests.harness.jobs import run_jobs
from tests.harness.pages import Page
from tests.harness.world import issued_order, trading_pair


async def test_a_mail_has_a_heading_and_its_states_are_words_of_the_reader(client_of, inbox, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs("messaging.notify", "messaging.send")
    sql = "select id from audit_entry where owner_id = %s and event = %s order by id limit 1"
    queued = superuser.execute(sql, [supplier.id, "mail.queued"]).fetchone()[0]
    sent = superuser.execute(sql, [supplier.id, "mail.sent"]).fetchone()[0]
    client = await client_of(supplier.auditor)
    shown = Page(await client.get(f"/audit/{queued}"))
    await change_language(supplier.auditor, "zh-Hans")
    client = await client_of(supplier.auditor)
    chinese = [Page(await client.get(f"/audit/{entry}")) for entry in (queued, sent)]

    assert "RecordE-mail notice" in shown.text
    assert "State Waiting" in shown.text
    for page in chinese:
        assert page.language == "zh-Hans"
        assert not re.search(r"Queued|Handed|Sent|Waiting", page.text)
    assert "等待" in chinese[0].text
