"""There is room to go on."""

from collections.abc import Iterator

from ripeline.usecases.doctor.case import Case, Finding

MIB = 2**20
LEAST, LITTLE = 100 * MIB, 1_024 * MIB


def disk(case: Case) -> Iterator[Finding]:
    """Find that the disk is full, or soon will be."""
    free = case.examined.free_bytes()
    if free < LITTLE:
        message = f"{free // MIB:,} MiB are left on its disk"
        advice = "make room: with none left the server answers 503 and imports fail"
        yield Finding(".", message, advice, "error" if free < LEAST else "warning")
