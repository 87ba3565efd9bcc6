"""A visitor's story told by a Python tracking client in a process of its own: `story.py CLIENT URL KEY NAME COUNT`.

It ends with 0 when the client says that everything was delivered.
"""

import sys
from typing import Any


def client_of(named: str, url: str, key: str) -> Any:  # noqa: ANN401 - whichever client was asked for
    options = {"on_error": lambda error, _: sys.exit(f"not delivered: {error}"), "max_retries": 60, "upload_size": 7}
    if named == "segment":
        from segment.analytics.client import Client  # type: ignore[import-untyped]

        return Client(key, host=url, **options)
    from rudderstack.analytics.client import Client as RudderClient  # type: ignore[import-untyped]

    return RudderClient(key, host=url, **options)


def tell(client: Any, name: str, count: int) -> None:  # noqa: ANN401
    client.page(anonymous_id=f"{name}-device", name="Pricing", properties={"path": "/pricing"})
    client.identify(name, {"email": f"{name}@acme.example", "company_size": 300}, anonymous_id=f"{name}-device")
    client.track(name, "Trial Downloaded", {"plan": "team", "price": 12.5})
    for number in range(count):
        client.track(name, "Counted", {"number": number})
    client.track(name, "Pricing Requested")
    client.group(name, "acme", {"employees": 300})
    client.shutdown()


if __name__ == "__main__":
    tell(client_of(*sys.argv[1:4]), sys.argv[4], int(sys.argv[5]))
