"""The sealer as a process: within five seconds everything is sealed, and kept where no database can reach it."""

from portal.audit.witnesses import notes
from tests.harness.log_rows import faults_of
from tests.harness.parts import eventually
from tests.harness.world import issued_order, trading_pair

SEALED = "select count(*) from audit_entry e join audit_seal s on s.entry_id = e.id where e.root_id = %s"


async def test_what_is_done_is_sealed_within_five_seconds_and_again_after_a_kill(start, superuser):
    sealer = start("scheduler")
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    eventually(lambda: superuser.execute(SEALED, [order.id]).fetchone() == (4,), 15)
    another = await issued_order(company, supplier)
    eventually(lambda: superuser.execute(SEALED, [another.id]).fetchone() == (4,), 5)

    sealer.kill()
    third = await issued_order(company, supplier)
    again = start("scheduler")
    eventually(lambda: superuser.execute(SEALED, [third.id]).fetchone() == (4,), 15)
    eventually(lambda: (again.log.parent / "audit" / "checkpoint").exists(), 5)

    kept = list(notes((again.log.parent / "audit" / "checkpoint").read_text("utf-8")))
    assert faults_of(superuser, company.id, kept) == []
    assert again.stop() == 0
