"""Real acts under real faults: is anything lost, or done twice?

`run` begins, `play` is one run from the first act to the verdict, `report` tells it. Around them, each for itself: the
`stage` (servers and programs of its own, started by the `nursery`), the `acts` of people in a `scene`, the `injector`
of faults, the `history` of what was wanted and answered, the `sink` that counts mails, the `checker` that compares
(mails: `mail_checks`), and the `naive` designs that have to fail. `worker`, `settings` and `hurry` are the portal as
it runs here; it knows of none of this.
"""
