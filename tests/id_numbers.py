"""Resident ID numbers for tests: of an area code that no county has, so that they are nobody's."""


def id_number(born: str, order: int = 1, area: str = "999999") -> str:
    """Return the ID number of a day of birth (YYYYMMDD), with its check digit (GB 11643)."""
    body = f"{area}{born}{order:03d}"
    rest = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body)) % 11
    return body + "10X98765432"[rest]
