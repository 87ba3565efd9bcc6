"""A visitor's story told by a Python tracking client in a process of its own: `story.py CLIENT URL KEY NAME COUNT`.

It ends with 0 when the client says that everything was delivered.
"""

import sys
from typing import Any

CLIENT, URL, KEY, NAME, COUNT = *sys.argv[1:5], int(sys.argv[5])


def client() -> Any:  # noqa: ANN401 - whichever client was asked for
    options = {"on_error": lambda error, _: sys.exit(f"not delivered: {error}"), "max_retries": 60, "upload_size": 7}
    if CLIENT == "segment":
        from segment.analytics.client import Client  # type: ignore[import-untyped]

        return Client(KEY, host=URL, **options)
    from rudderstack.analytics.client import Client as RudderClient  # type: ignore[import-untyped]

    return RudderClient(KEY, host=URL, **options)


one = client()
one.page(anonymous_id=f"{NAME}-device", name="Pricing", properties={"path": "/pricing"})
one.identify(NAME, {"email": f"{NAME}@acme.example", "company_size": 300}, anonymous_id=f"{NAME}-device")
one.track(NAME, "Trial Downloaded", {"plan": "team", "price": 12.5})
for number in range(COUNT):
    one.track(NAME, "Counted", {"number": number})
one.track(NAME, "Pricing Requested")
one.group(NAME, "acme", {"employees": 300})
one.shutdown()
