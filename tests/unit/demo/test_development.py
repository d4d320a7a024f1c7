"""The steps by which members of the made-up district became members."""

from datetime import date

from contracts.processes.development import ADMITTED, CONFIRMING
from contracts.processes.development_steps import STEPS
from demo.district.development import road


def test_the_steps_of_a_development_are_in_the_order_of_the_regulation() -> None:
    stages = road(date(2022, 5, 17), date(2023, 5, 17))
    days = dict(one for stage in stages for one in stage.steps)

    assert [number for stage in stages for number, _ in stage.steps] == list(range(2, 26))
    assert all(days[before] <= days[step.number] for step in STEPS[1:] for before in step.after if before in days)
    assert (days[ADMITTED], days[CONFIRMING]) == (date(2022, 5, 17), date(2023, 5, 17))
