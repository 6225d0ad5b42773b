"""The facts in Prometheus' text format. All come from the database, the broker and the disk at the time of asking, so
it does not matter which of the web processes answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily as Counter
from prometheus_client.metrics_core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric

from core.ops import BACKUP, BEAT, RESTORE_TEST
from tot_portal.checks import SWEEPS, WORKERS_SILENT, State, check_all
from tot_portal.facts import Facts, Sizes, read_facts, read_sizes

LEVELS = {State.OK: 0, State.WARN: 1, State.BAD: 2}


def exposition() -> bytes:
    """What a scrape gets; six queries."""
    return generate_latest(Portal(read_facts(), read_sizes()))


@dataclass(frozen=True)
class Portal:
    """A collector over facts that were read before. What never happened has no sample."""

    facts: Facts
    sizes: Sizes

    def collect(self) -> Iterable[Metric]:
        yield from self._broker()
        yield from self._outbox()
        yield from self._regular()
        yield from self._room()
        yield labelled(
            "tot_check_state", "0 good, 1 to be watched, 2 to be seen to", "check",
            {check.name: LEVELS[check.state] for check in check_all(self.facts)},
        )  # fmt: skip

    def _broker(self) -> Iterable[Metric]:
        broker = self.facts.broker
        yield Gauge("tot_broker_up", "1 when the broker answers", value=float(broker is not None))
        if broker:
            yield labelled("tot_queue_length", "Tasks that wait in the broker", "queue", broker.waiting)
            yield Gauge("tot_tasks_in_work", "Tasks that workers hold", value=broker.in_work)
        yield Gauge(
            "tot_workers",
            "Workers that finished a task within 5 minutes",
            value=len(self.facts.workers(WORKERS_SILENT)),
        )

    def _outbox(self) -> Iterable[Metric]:
        facts = self.facts
        yield labelled("tot_mails", "Mails that have not ended", "state", facts.mails)
        yield Gauge(
            "tot_mail_due_seconds", "Age of the oldest due mail", value=self._seconds_since(facts.mail_due_since)
        )
        yield labelled("tot_jobs", "Jobs; failed ones of the last 7 days", "state", facts.jobs)
        yield Gauge("tot_job_waiting_seconds", "Of the oldest job", value=self._seconds_since(facts.job_waiting_since))
        yield labelled("tot_certificates_unfinished", "Certificates without a file", "state", facts.certificates)

    def _regular(self) -> Iterable[Metric]:
        ages = {"beat": BEAT, "backup": BACKUP, "restore_test": RESTORE_TEST}
        for name, mark in ages.items():
            if (age := self.facts.age(mark)) is not None:
                yield Gauge(f"tot_{name}_age_seconds", "Since the last one", value=age.total_seconds())
        swept = {name: one for name, one in self.facts.marks.items() if name in SWEEPS}
        found = {name: one.detail.get("total", 0) for name, one in swept.items()}
        yield labelled("tot_sweep_found", "What sweeps have found", "sweep", found, kind=Counter)
        run = {name: (self.facts.now - one.at).total_seconds() for name, one in swept.items()}
        yield labelled("tot_sweep_age_seconds", "Since the sweep ran", "sweep", run)

    def _room(self) -> Iterable[Metric]:
        yield Gauge("tot_disk_free_bytes", "Where VAR_DIR lies, on this node", value=self.facts.disk_free)
        yield Gauge("tot_disk_size_bytes", "Where VAR_DIR lies, on this node", value=self.facts.disk_size)
        yield Gauge("tot_database_bytes", "Size of the database", value=self.sizes.database)
        yield Gauge("tot_files", "Private files", value=self.sizes.files)
        yield Gauge("tot_files_bytes", "Content of the private files", value=self.sizes.file_bytes)

    def _seconds_since(self, moment) -> float:
        return (self.facts.now - moment).total_seconds() if moment else 0.0


def labelled(name: str, help_text: str, label: str, values: dict[str, float], *, kind: type = Gauge) -> Metric:
    """One metric with a sample for each value of its one label."""
    metric = kind(name, help_text, labels=[label])
    for one, value in values.items():
        metric.add_metric([str(one)], value)
    return metric
