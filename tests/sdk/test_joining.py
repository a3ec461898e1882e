"""Teams, their members, users and keys made by scripts; what is out of scope says so."""

import json

import pytest

from tests.sdk.conftest import Desk
from tests.server import LiveServer

pytestmark = [pytest.mark.sdk, pytest.mark.xdist_group("sdk")]


def test_keys_teams_and_users_are_made_by_scripts(desk: Desk, site: LiveServer) -> None:
    made = json.loads(site.manage("create_user", "rosa", "--admin", "--new-key", "--json"))
    site.create_user("tara")
    outcome = desk.script(
        """
        import wandb
        api = wandb.Api()
        def members(): return [(one.username, one.admin) for one in wandb.Api().team("crew").members]
        crew = api.create_team("crew")
        print(crew.name, crew.invite("tara"), crew.invite("nobody"), members())
        print(api.team("crew").invite("tara", admin=True), members())
        print([one.delete() for one in api.team("crew").members if one.username == "rosa"], members())
        print(api.create_user("new.hand@example.org").username, api.user("new.hand@example.org").username)
        print(api.team("crew").create_service_account("robot"))
        """,
        api_key=made["api_key"],
    )
    assert outcome.printed == [
        "crew True False [('rosa', True), ('tara', False)]",
        "True [('rosa', True), ('tara', True)]",
        "[True] [('tara', True)]",
        "new-hand new-hand",
        "None",
    ]
    outcome = desk.script(
        """
        import wandb
        user = wandb.Api().viewer
        key = user.generate_api_key("for CI")
        print(wandb.Api(api_key=key).viewer.username, user.api_keys[-1] == key, user.delete_api_key(key))
        def attempt(do):
            try: return do()
            except Exception as error: return str(error)
        print("not valid" in attempt(lambda: wandb.Api(api_key=key).viewer))
        print("There is no team 'none'" in attempt(lambda: wandb.Api().create_team("none")))
        print("Invite people" in attempt(lambda: wandb.Api().create_user("other@example.org")))
        print("Sweeps are not part" in attempt(lambda: list(wandb.Api().project("p", "alice").sweeps())))
        print("There is no artifact 'none'" in attempt(lambda: list(wandb.Api().artifacts("dataset", "p/none"))))
        """
    )
    assert outcome.printed == ["alice True True", *["True"] * 5]
