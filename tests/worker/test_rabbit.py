"""RabbitMQ: jobs still begin in the database, are carried over, and survive its death, the relay's and the worker's."""

import pika
import pika.exceptions
import pytest

from tests.harness.parts import add, eventually
from tests.harness.rabbit import Rabbit
from tests.harness.world import buying_company

WAITING = "select count(*) from dramatiq.queue where state = 'queued'"
CLASSIC = {"x-queue-type": "classic", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "default.XQ"}
LONG = 90  # seconds that two servers and two parts may take to start on a busy machine


async def several(company, job_follows, job: str, number: int) -> set[str]:
    keys = {f"{job} {each}" for each in range(number)}
    for each, key in enumerate(sorted(keys)):
        job_follows(job, key)
        await add(company, f"N-{each}")
    return keys


async def test_jobs_wait_in_the_outbox_until_rabbitmq_is_there(start, effects, job_follows, superuser, rabbit: Rabbit):
    keys = await several(await buying_company(), job_follows, "tests.note", 3)
    scheduler = start("scheduler", PORTAL_BROKER_URL=rabbit.url)
    worker = start("worker", PORTAL_BROKER_URL=rabbit.url)
    eventually(lambda: scheduler.says("the broker does not answer"), LONG)
    assert superuser.execute(WAITING).fetchone() == (3,)

    rabbit.start()
    eventually(lambda: effects().keys() == keys, LONG)
    assert superuser.execute(WAITING).fetchone() == (0,)
    with (
        pika.BlockingConnection(pika.URLParameters(rabbit.url)) as connection,
        pytest.raises(pika.exceptions.ChannelClosedByBroker, match="x-queue-type"),
    ):
        connection.channel().queue_declare("default", durable=True, arguments=CLASSIC)
    assert (scheduler.stop(), worker.stop()) == (0, 0)


async def test_rabbitmq_that_is_killed_midway_loses_no_job_and_doubles_no_effect(
    start, effects, job_follows, rabbit: Rabbit
):
    rabbit.start()
    keys = await several(await buying_company(), job_follows, "tests.brief", 24)
    start("scheduler", PORTAL_BROKER_URL=rabbit.url)
    start("worker", PORTAL_BROKER_URL=rabbit.url)
    eventually(effects, LONG)

    rabbit.kill()
    before = effects().keys()
    assert before < keys
    rabbit.start()
    eventually(lambda: effects().keys() == keys, LONG)


async def test_a_relay_that_is_killed_before_it_forgets_hands_over_again_and_the_effect_happens_once(
    start, effects, job_follows, superuser, rabbit: Rabbit
):
    rabbit.start()
    keys = await several(await buying_company(), job_follows, "tests.note", 1)
    killed = start("relay-that-dies", PORTAL_BROKER_URL=rabbit.url)
    assert killed.process.wait(LONG) == -9
    assert superuser.execute(WAITING).fetchone() == (1,)

    start("scheduler", PORTAL_BROKER_URL=rabbit.url)
    start("worker", PORTAL_BROKER_URL=rabbit.url)
    tried = "select count(*) from watched.attempt"
    eventually(lambda: superuser.execute(tried).fetchone() == (2,), LONG)
    eventually(lambda: effects().keys() == keys, LONG)
    assert superuser.execute(WAITING).fetchone() == (0,)


async def test_a_job_that_is_given_up_comes_home_to_be_tried_again(start, job_follows, superuser, rabbit: Rabbit):
    rabbit.start()
    await several(await buying_company(), job_follows, "tests.of-the-next-release", 1)
    start("scheduler", PORTAL_BROKER_URL=rabbit.url)
    start("worker", PORTAL_BROKER_URL=rabbit.url)
    given_up = "select message ->> 'actor_name' from dramatiq.queue where state = 'rejected'"
    eventually(lambda: superuser.execute(given_up).fetchall() == [("tests.of-the-next-release",)], LONG)
