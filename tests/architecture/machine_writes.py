"""Words that GraphQL's mutations of runs, registries and teams would be taken with."""

from typing import Any

from registry.core.global_ids import encode_id
from registry.models import ArtifactCollection, Run, RunFile, User
from tests.architecture.conftest import WORDS, World

WHERE = {"entityName": "ml", "projectName": WORDS["project"]}


def writes_of_teams(world: World) -> dict[str, dict[str, Any]]:
    return {
        "createTeam": {"teamName": "new-team"},
        "createInvite": {"entityName": "ml", "username": "sam"},
        "deleteInvite": {"entityName": "ml", "id": encode_id("User", User.objects.get(username="root").pk)},
        "createUser": {"email": "new@example.org"},
        "generateApiKey": {"description": "x"},
        "deleteApiKey": {"id": encode_id("ApiKey", world.numbers["key_revoke"])},
    }


def writes_of_runs(world: World) -> dict[str, dict[str, Any]]:
    run, named = encode_id("Run", world.run.pk), {**WHERE, "runName": WORDS["uid"]}
    file, _ = RunFile.objects.get_or_create(run=world.run, name="a.txt")
    lost, _ = Run.objects.update_or_create(project=world.project, uid="otter2", defaults={"state": "running"})
    return {
        "deleteRun": {"id": run, "deleteArtifacts": True},
        "stopRun": {"id": run},
        "notifyScriptableRunAlert": {**named, "title": "news", "text": "x", "waitDuration": 60_000},
        "rewindRun": {**named, "metricName": "_step", "metricValue": 0},
        "updateRunState": {"id": encode_id("Run", lost.pk), "state": "failed"},
        "markRunFilesUploaded": {**named, "files": []},
        "deleteFiles": {"files": [encode_id("RunFile", file.pk)]},
    }


def writes_of_registries(world: World) -> dict[str, dict[str, Any]]:
    # no version of it is linked
    eggs = encode_id("ArtifactCollection", ArtifactCollection.objects.get(name="eggs").pk)
    registry = {"projectId": encode_id("Project", world.registry.pk)}
    mia, team = encode_id("User", world.people["member"].pk), encode_id("Entity", world.team.pk)
    names = {"oldProjectName": "wandb-registry-Holt", "newProjectName": "wandb-registry-Weir"}
    return {
        "moveArtifactSequence": {"artifactSequenceID": eggs, "destinationArtifactTypeName": "dataset"},
        "renameProject": {"entityName": "acme", **names},
        "deleteModel": {"id": registry["projectId"]},
        "createProjectMembers": {**registry, "userIds": [mia], "teamIds": [team]},
        "deleteProjectMembers": {**registry, "userIds": [mia], "teamIds": [team]},
        "updateProjectMember": {**registry, "userId": mia, "userProjectRole": "admin"},
        "updateProjectTeamMember": {**registry, "teamId": team, "teamProjectRole": "admin"},
    }
