"""Whether this process can serve, and what is not there."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wiring.ask.sessions import database_answers


async def healthz(request: Request) -> Response:
    """Asks the database; for load balancers and monitors."""
    answers = await to_thread.run_sync(database_answers)
    return JSONResponse(
        {"database": "ok" if answers else "no answer"},
        status_code=200 if answers else 503,
        headers={"Cache-Control": "no-store"},
    )


async def no_such_api(request: Request) -> Response:
    """Streamlit answers an unknown path with its page and 200; a program wants to be told."""
    return JSONResponse({"error": "not found"}, status_code=404)


ROUTES = [
    Route("/healthz", healthz),
    Route("/api", no_such_api, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    Route("/api/{path:path}", no_such_api, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
]
