"""Deeds of surveys: ask people, keep what they answer, and say what is asked."""

from fourfold.surveys.actions.answering import count_answers, give_number, say_more
from fourfold.surveys.actions.asking import invite, invite_many, send_due
from fourfold.surveys.actions.house import keep_rules, keep_text
from fourfold.surveys.actions.joining import forget, join

__all__ = [
    "count_answers",
    "forget",
    "give_number",
    "invite",
    "invite_many",
    "join",
    "keep_rules",
    "keep_text",
    "say_more",
    "send_due",
]
