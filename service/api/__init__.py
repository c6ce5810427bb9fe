"""Version 1 of the API: one file for each resource."""

from litestar import Router

from service.access.scopes import GATED
from service.api.batch import recommend_batch
from service.api.consents import get_consent, set_consent
from service.api.events import record_events
from service.api.plans import make_plan
from service.api.platforms import get_platform, list_platforms, similar_platforms
from service.api.profiles import (
    create_profile,
    delete_profile,
    export_profile,
    get_profile,
    replace_profile,
)
from service.api.questionnaire import get_questionnaire
from service.api.recommendations import delete_list, recommend

api_router = Router(
    path="/v1",
    opt={GATED: True},
    route_handlers=[
        make_plan,  # a list and more: what both need is told with the list
        recommend,
        recommend_batch,
        delete_list,
        record_events,
        create_profile,
        get_profile,
        replace_profile,
        delete_profile,
        export_profile,
        get_consent,
        set_consent,
        list_platforms,
        get_platform,
        similar_platforms,
        get_questionnaire,
    ],
)
