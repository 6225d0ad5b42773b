"""The homes of the roles: each answers what to do now."""

import pytest
from django.urls import reverse

from accounts.models import RoleGrant
from accounts.roles import Role
from tests.factories.accounts import make_user

HOMES = {
    Role.PARTICIPANT: "participant_home",
    Role.ADMIN: "admin_home",
    Role.ASSESSOR: "assessor_home",
    Role.DIRECTOR: "director_home",
    Role.AUDITOR: "auditor_home",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.django_db
def test_dashboard_leads_to_the_home_of_the_role(client_of, role):
    client = client_of(make_user(role=role))

    response = client.get(reverse("dashboard"), follow=True)

    assert response.redirect_chain == [(reverse(HOMES[role]), 302)]
    assert response.status_code == 200


def test_dashboard_of_several_roles_leads_to_the_first(client_of, assessor):
    RoleGrant.objects.create(user=assessor, role=Role.ADMIN)

    assert client_of(assessor).get(reverse("dashboard")).url == reverse("admin_home")


@pytest.mark.parametrize("role", Role)
@pytest.mark.django_db
def test_empty_home_says_what_comes_next(client_of, role):
    page = client_of(make_user(role=role)).get(reverse(HOMES[role])).content.decode()

    assert "<h1" in page
    assert "belum" in page.lower() or "0" in page


@pytest.mark.parametrize("role", Role)
@pytest.mark.django_db
def test_menu_offers_only_what_the_role_may_open(client_of, role):
    client = client_of(make_user(role=role))
    context = client.get(reverse(HOMES[role])).context
    links = [item["url"] for group in context["nav"] for item in group["items"]]
    links += [item["url"] for item in context["public_nav"]]

    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_participant_who_holds_no_role_has_no_staff_menu(client_of, participant):
    assert client_of(participant).get(reverse("participant_home")).context["nav"] == []
