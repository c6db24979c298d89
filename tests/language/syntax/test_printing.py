"""The canonical layout: nothing is lost, nothing changes, and it does not move when it is applied again."""

from __future__ import annotations

import full_campaign
import pytest
from campaign_texts import campaign_texts
from hypothesis import HealthCheck, given, settings
from texts import SAMPLE, file

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.blocks import comments
from campaign_dsl.language.syntax.printing.formatting import formatted


def laid_out(text: str, path: str = "x.campaign", yaml: bool | None = None) -> str:
    problems = Problems()
    found = formatted(SourceFile(path, text), problems, yaml)
    assert found is not None, problems.sorted()
    return found


def as_yaml(text: str) -> str:
    return laid_out(text, "x.campaign", yaml=True)


def as_dsl(text: str) -> str:
    return laid_out(text, "x.campaign.yaml", yaml=False)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=20)
@given(campaign_texts)
def test_any_file(text: str) -> None:
    once = laid_out(text)
    assert file(once) == file(text)
    assert laid_out(once) == once
    there = as_yaml(text)
    assert file(there, "x.campaign.yaml") == file(text)
    assert as_dsl(there) == once
    assert laid_out(there, "x.campaign.yaml") == there
    assert sorted(remarks(once)) == sorted(remarks(text))


def remarks(text: str) -> list[str]:
    return [text[start:end].rstrip() for start, end in comments(text)]


@pytest.mark.parametrize("path", sorted(SAMPLE.rglob("*.campaign*")), ids=lambda path: path.name)
def test_samples_are_laid_out(path) -> None:
    text = path.read_text("utf-8")
    assert laid_out(text, path.name) == text


def test_everything_goes_there_and_back() -> None:
    assert as_dsl(laid_out(full_campaign.YAML, "x.campaign.yaml")) == as_dsl(full_campaign.YAML)
    assert as_dsl(as_yaml(full_campaign.DSL)) == laid_out(full_campaign.DSL)


def test_a_file_with_a_mistake_is_not_touched() -> None:
    problems = Problems()
    assert formatted(SourceFile("x.campaign", "campaign x { kind }"), problems) is None
    assert [each.code for each in problems.sorted()] == ["SYN008"]


def test_yaml_has_no_key_twice() -> None:
    problems = Problems()
    text = "audience vip { everyone }\naudience vip { everyone }\n"
    assert formatted(SourceFile("x.campaign", text), problems, yaml=True) is None
    assert [each.code for each in problems.sorted()] == ["SYN016"]
    assert laid_out(text)


def test_comments_stay_with_what_they_are_about() -> None:
    text = """\
# about the file

# about the audience
audience x {   # who
  where status = good # fine
    # grown up
    and age >= 18  # in her country
    and tier = gold
  exclude audience y   # not these
  # the end
}   # really
"""
    assert (
        laid_out(text)
        == """\
# about the file

# about the audience
audience x {  # who
  where status = good  # fine
    # grown up
    and age >= 18  # in her country
    and tier = gold
  exclude audience y  # not these
  # the end
  # really
}
"""
    )
    assert (
        as_yaml(text)
        == """\
# about the file

# about the audience
audience x:  # who
  where: |-
    status = good  # fine
    # grown up
    and age >= 18  # in her country
    and tier = gold
  exclude: audience y  # not these
  # the end
  # really
"""
    )


def test_texts_of_several_lines_keep_them_in_yaml() -> None:
    dsl = 'campaign x {\n  message m sms {\n    content { text "Hi # no comment\\n\\n  a: b\\n" }\n  }\n}\n'
    assert as_yaml(dsl).split("content:\n")[1] == ("      text: |\n        Hi # no comment\n\n          a: b\n")
    assert as_dsl(as_yaml(dsl)) == laid_out(dsl)


def test_comments_inside_of_a_list_and_behind_the_end() -> None:
    text = 'audience x {\n  where status = good\n    and country in [ # countries\n      "US"] # end\n}\n'
    there = as_yaml(text)
    assert there == ('audience x:\n  where: |-\n    status = good\n    # countries\n    and country in ["US"]  # end\n')
    assert sorted(remarks(as_dsl(there))) == ["# countries", "# end"]


def test_comments_behind_the_sign_of_a_block_scalar() -> None:
    text = """\
audience x:
  where: | # one
    status = good  # two
      and age >= 18
  exclude:
    - >- # three
      audience
      y
"""
    assert (
        as_dsl(text)
        == """\
audience x {
  # one
  where status = good  # two
    and age >= 18
  # three
  exclude audience y
}
"""
    )


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("", "''"),
        ("a: b", "'a: b'"),
        ("a # b", "'a # b'"),
        ("-", "'-'"),
        ('say \\"hi\\"', 'say "hi"'),
        ("it's: so", '"it\'s: so"'),
        ("\\nof which one is empty", '"\\nof which one is empty"'),
        (" padded ", "' padded '"),
        ('file \\"a.html\\"', "'file \"a.html\"'"),
        ("é😀", "'é😀'"),
        ("{{ customer.first_name }}", "'{{ customer.first_name }}'"),
        ("100%", "100%"),
        ("yes", "yes"),
        ("ends:", "'ends:'"),
    ],
)
def test_texts_in_yaml(text: str, yaml: str) -> None:
    dsl = f'campaign x {{\n  message m email {{\n    content {{ body "{text}" }}\n  }}\n}}\n'
    there = as_yaml(dsl)
    assert there.splitlines()[3].strip() == f"body: {yaml}"
    assert as_dsl(there) == dsl


def test_long_conditions_in_parentheses_are_broken_too() -> None:
    text = (
        "audience x {\n  where status = good\n"
        '    and (favorite_category = "running"\n      or favorite_category = "hiking"  # why\n'
        '      or favorite_category = "climbing" and shoe_size > 1_000_000.50)\n}\n'
    )
    assert laid_out(text.replace("\n      or", " or").replace("  # why or", "  # why\n or")) == text


def test_what_follows_a_filter_belongs_to_what_it_stood_behind() -> None:
    text = "audience x {\n  where did purchase where (sum of orders.total > 3) ever\n}\n"
    assert laid_out(text) == text
    assert as_dsl(as_yaml(text)) == text
