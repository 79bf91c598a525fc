"""Tables of people, by what they are about."""

from fourfold.people.models.clients import (
    FeeBand,
    JobLead,
    RebateStep,
    StageChange,
    Terms,
    TermsScope,
    ValuePoint,
    ValueProposition,
)
from fourfold.people.models.lists import (
    BulkChange,
    BulkEdit,
    CustomField,
    CustomValue,
    ListMember,
    SavedList,
)
from fourfold.people.models.pairs import DuplicatePair, MergeRecord
from fourfold.people.models.persons import (
    DoNotSend,
    Employment,
    Organisation,
    OrganisationIdentifier,
    OrganisationTag,
    Person,
    PersonAccess,
    PersonIdentifier,
    PersonInRole,
    PersonQuerySet,
    PersonSkill,
    PersonTag,
    Skill,
    Tag,
)
from fourfold.people.models.privacy import (
    ConsentEntry,
    Declaration,
    NoticeBatch,
    NoticeDue,
    Preference,
    RetentionReview,
    RetentionRule,
    Subscription,
    Suppression,
    Tombstone,
)

__all__ = [
    "BulkChange", "BulkEdit", "ConsentEntry", "CustomField", "CustomValue", "Declaration", "DoNotSend",
    "DuplicatePair", "Employment", "FeeBand", "JobLead", "ListMember", "MergeRecord", "NoticeBatch", "NoticeDue",
    "Organisation", "OrganisationIdentifier", "OrganisationTag", "Person", "PersonAccess", "PersonIdentifier",
    "PersonInRole", "PersonQuerySet", "PersonSkill", "PersonTag", "Preference", "RebateStep", "RetentionReview",
    "RetentionRule", "SavedList", "Skill", "StageChange", "Subscription", "Suppression", "Tag", "Terms",
    "TermsScope", "Tombstone", "ValuePoint", "ValueProposition",
]  # fmt: skip
