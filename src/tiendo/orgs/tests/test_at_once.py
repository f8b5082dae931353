"""Two offices appointing in the same instant: there is one head."""

from datetime import date

from makers import Cast, a_person
from tiendo.orgs.actions_committees import appoint, open_post
from tiendo.orgs.models import Post, Tenure
from tiendo.tasks.tests.test_at_once import at_once, one_stands


def test_a_committee_has_one_head_whoever_was_appointed_first(several_connections):
    cast, people = Cast(), [a_person("First"), a_person("Second"), a_person("Third")]
    posts = [open_post(cast.committee, Post.Kind.HEAD, by=cast.office).pk for _ in people]

    def appointing(post, person):
        return lambda: appoint(
            person, Post.objects.get(pk=post), by=cast.office, on=date(2025, 7, 1)
        )

    one_stands(at_once(*map(appointing, posts, people)))

    assert Tenure.objects.filter(post__kind=Post.Kind.HEAD).count() == 1
