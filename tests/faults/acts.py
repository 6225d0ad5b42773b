"""Real acts of participants, staff and assessors, through the web server, in an order that the seed decides.

Each act is written into the history before it is sent off and again when it was answered. A person whose page breaks
presses again; a tablet sends the same tap again: what that does is the portal's business, and the checker's.
"""

import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import Error, close_old_connections, connection
from django.urls import reverse

from accounts.models import User
from certificates.models import Certificate
from core import clock
from notifications.models import Email
from notifications.states import DUE, EmailStatus
from tests.faults.history import OK, REFUSED, UNKNOWN, Act, History
from tests.faults.scene import Application, Scene
from tests.faults.stage import REFERER, Stage

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TRIES = 4  # of one act whose page breaks
ENOUGH = 16  # tasks that wait for workers: nobody acts until they are fewer
UNHURRIED = 1.0  # seconds before an act while no worker hears of it: half a minute must not pile up an hour's work
UNHEARING = {"broker away", "broker stopped"}
APPLICANTS_LEFT, CERTIFICATES_LEFT = 3, 8
HEEDLESS = {  # these must meet acts
    "web killed", "broker away", "broker stopped", "smtp away", "database restarted", "connections cut",
}  # fmt: skip
STEPS = ("submit_registration", "claim_for_review", "accept_all_documents", "find_eligible", "confirm_registration")


class Actor(threading.Thread):
    """Somebody who acts until told to stop."""

    def __init__(self, number: int, seed: int, stage: Stage, scene: Scene, history: History) -> None:
        super().__init__(daemon=True, name=f"actor {number}")
        self.dice = random.Random(f"{seed}/{number}")
        self.stage, self.scene, self.history = stage, scene, history
        self.stopped = threading.Event()
        self.error: Exception | None = None
        self.deck: list[tuple[int, Callable[[], object]]] = [
            (12, self.move_application), (3, self.withdraw), (2, self.tap), (3, self.issue), (3, self.reissue),
            (1, self.revoke), (2, self.decide), (2, self.release), (1, self.confirm_all), (1, self.export),
            (1, self.retry_mail),
        ]  # fmt: skip

    def run(self) -> None:
        weights, acts = zip(*self.deck, strict=True)
        while not self.stopped.is_set():
            try:
                if self.workers_have_enough():
                    time.sleep(0.05)
                    continue
                if self.history.weather in UNHEARING:
                    self.stopped.wait(UNHURRIED)
                (act,) = self.dice.choices(acts, weights)
                act()
            except Error:  # the harness's own look at the database, while that is away
                connection.close()
                time.sleep(0.1)
            except Exception as error:  # a mistake of the harness: told when the run ends
                self.error = error
                return
        connection.close()

    def workers_have_enough(self) -> bool:
        if self.history.weather in HEEDLESS:
            return False
        close_old_connections()
        due = Email.objects.filter(status__in=DUE, not_before__lte=clock.now())
        return Certificate.objects.unrendered().count() + due.count() > ENOUGH

    # --- the way of one act

    def press(self, name: str, by: User, path: str, body: bytes = b"", kind: str = FORM, **about: Any) -> Act:
        """One request of `by`; ok when the answer says that it is done."""
        cookies = self.scene.cookies_of(by)
        act, began = self.history.intend(name, **about), time.monotonic()
        try:
            status, to, content = self.stage.ask("POST", path, cookies=cookies, body=body, kind=kind)
        except OSError as error:
            self.history.close(act, UNKNOWN, began=began, broke=type(error).__name__)
            return act
        said = {"to": to} if to else {}
        if kind == JSON and status == 200:
            said = {name: json.loads(content)[name] for name in ("value", "version", "outcome")}
        self.history.close(act, meaning(status, to), status=status, began=began, **said)
        if status == 302 and "/masuk/" in to or status in (403, 404, 400):
            raise RuntimeError(f"{name} was answered with {status} {to} {content[-300:]!r}")
        return act

    def press_until_answered(self, *args: Any, tries: int = TRIES, **about: Any) -> Act:
        for _try in range(tries):
            act = self.press(*args, **about)
            if act.answer in (OK, REFUSED) or self.stopped.is_set():
                break
            time.sleep(self.dice.uniform(0.3, 0.8))
        return act

    # --- from a draft to a seat, and back

    def move_application(self) -> None:
        if not self.scene.applications:
            self.scene.make_applications()
        with suppress(IndexError):
            self.scene.applications.rotate(self.dice.randrange(3))
            one = self.scene.applications.popleft()
            self.take_step(one)

    def take_step(self, one: Application) -> None:
        name = STEPS[one.step]
        by = one.person if one.step == 0 else self.scene.admin
        act = self.press(name, by, reverse(f"participants:{name}", args=[one.code]), registration=one.pk)
        one.tries += 1
        if act.answer == OK or (act.answer == REFUSED and one.tries > 1):  # refused: the press before had reached it
            one.step, one.tries = one.step + 1, 0
        if one.step == len(STEPS):
            self.scene.seated.append(one)
        elif one.tries <= TRIES:
            self.scene.applications.appendleft(one)

    def withdraw(self) -> None:
        if len(self.scene.seated) > APPLICANTS_LEFT:
            one = self.scene.seated.popleft()
            path = reverse("participants:withdraw_registration", args=[one.code])
            body = urlencode({"reason": "Pindah tugas."}).encode()
            self.press_until_answered("withdraw_registration", one.person, path, body, registration=one.pk)

    def confirm_all(self) -> None:
        """A job of the desk: everybody eligible, in order, until the seats are gone."""
        if not self.scene.eligible:
            self.scene.make_eligible()
        code = self.scene.eligible.popleft()
        path = reverse("participants:confirm_all_eligible", args=[code])
        self.press("confirm_all", self.scene.admin, path, batch=code)

    # --- role plays

    def tap(self) -> None:
        """Three criteria; the same tap goes again until it is answered."""
        with suppress(IndexError):
            device = self.scene.devices.popleft()
            for _number in range(3):
                item = self.dice.choice(device.items)
                value = self.dice.choice("YT")
                body = {
                    "key": str(uuid4()), "client_id": device.client, "seq": next(device.seq), "item": item,
                    "aspect": "", "value": value, "note": "Belum terlihat." if value == "T" else "",
                    "base_version": device.versions.get(item, 1), "tapped_at": clock.now().isoformat(),
                }  # fmt: skip
                path = reverse("assessments:record_tap", args=[device.code])
                act = self.press_until_answered(
                    "record_tap", device.recorder, path, json.dumps(body).encode(), JSON, tries=100,
                    record=device.pk, key=body["key"], seq=body["seq"], item=item, value=value,
                )  # fmt: skip
                device.versions[item] = act.said.get("version", device.versions.get(item, 1))
            self.scene.devices.append(device)

    def decide(self) -> None:
        if not self.scene.recommended:
            self.scene.make_results()
        batch, attempt, record = self.scene.recommended.popleft()
        path = reverse("assessments:decide_results", args=[batch])
        body = urlencode({"assessment": attempt, f"shown-{attempt}": record, "minutes": ""}).encode()
        act = self.press_until_answered("decide_results", self.scene.director, path, body, attempt=attempt)
        if act.answer == OK:
            self.scene.decided.append((batch, [attempt]))

    def release(self) -> None:
        if self.scene.decided:
            batch, attempts = self.scene.decided.popleft()
            path = reverse("assessments:release_results", args=[batch])
            self.press_until_answered("release_results", self.scene.director, path, attempts=attempts)

    # --- certificates

    def issue(self) -> None:
        """One to three people of a class that is ready."""
        if not self.scene.ready:
            self.scene.make_ready()
        code, people = self.scene.ready.popleft()
        chosen, left = people[: (size := self.dice.randint(1, 3))], people[size:]
        if left:
            self.scene.ready.append((code, left))
        path = reverse("certificates:issue_certificates", args=[code])
        body = urlencode({"peserta": [str(one.code) for one in chosen]}, doseq=True).encode()
        people_ids = [one.pk for one in chosen]
        act = self.press_until_answered("issue_certificates", self.scene.director, path, body, people=people_ids)
        if act.answer == OK:
            live = Certificate.objects.live().filter(registration__in=people_ids)
            self.scene.certificates.extend(str(one) for one in live.values_list("code", flat=True))

    def reissue(self) -> None:
        if code := self.scene.pick_certificate(self.dice):
            act = self.decide_about("reissue_certificate", code)
            if act.answer == OK:
                self.scene.certificates.append(act.said["to"].rstrip("/").rpartition("/")[2])

    def revoke(self) -> None:
        if len(self.scene.certificates) > CERTIFICATES_LEFT and (code := self.scene.pick_certificate(self.dice)):
            self.decide_about("revoke_certificate", code)

    def decide_about(self, name: str, code: str) -> Act:
        path = reverse(f"certificates:{name}", args=[code])
        body = urlencode({"reason": "Nama salah cetak."}).encode()
        return self.press_until_answered(name, self.scene.director, path, body, certificate=code)

    def export(self) -> None:
        self.press("export_register", self.scene.admin, reverse("certificates:export_register"))

    # --- mails

    def retry_mail(self) -> None:
        """What the admin does about a mail that failed for good."""
        failed = Email.objects.filter(status=EmailStatus.FAILED).order_by("?").values_list("code", flat=True).first()
        if failed and not self.history.weather:
            path = reverse("notifications:retry_email", args=[failed])
            self.press("retry_email", self.scene.admin, path, email=str(failed))


def meaning(status: int, to: str) -> str:
    """A refused act leads back to where it came from, or shows the page again with the reason."""
    if status == 200 or (status == 302 and to != REFERER):
        return OK
    if status < 500:
        return REFUSED
    return UNKNOWN
