"""What is measured on contradicts nothing: the benchmarks' data set keeps what every order keeps."""

from portal.cli.figures import disagreements
from portal.platform.settings import settings
from tests.benchmarks.dataset import fill
from tests.benchmarks.originals import PARTNERS, SUPPLIER_NUMBER, originals
from tests.harness.world import trading_pair

ORDERS = 400


async def test_the_doctor_finds_no_disagreement_in_a_data_set_of_the_benchmarks(connected, superuser):
    company, supplier = await trading_pair(supplier_number=SUPPLIER_NUMBER)
    first = await originals(company, supplier)
    made = sum(map(len, first.values()))
    await fill(str(settings().owner_url).replace("portal_owner", "postgres"), company, supplier, ORDERS, first)

    found = superuser.execute(
        "select count(*), count(distinct supplier_id), count(distinct state), "
        "min(created_at) < now() - interval '4 years' from purchase_order where buyer_id = %s",
        [company.id],
    ).fetchone()
    assert found is not None
    orders, suppliers, states, old = found
    assert (orders, old) == (ORDERS + made, True)
    assert 20 < suppliers <= PARTNERS
    assert states >= 6
    told = disagreements(str(settings().database_url), str(settings().owner_url))
    assert {view: names for view, names in told.items() if {company.name, supplier.name} & {*names}} == {}
