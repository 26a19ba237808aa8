"""Names and accounts of people who do not exist. None of them can log in or gets mail."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from gradus.accounts.models import User

HOST = "students.demo.invalid"  # a reserved name: mail to it can never arrive
_FIRST = """
Aaliyah Adaeze Adrián Ahmed Aiko Alejandra Aleksander Amara Amélie Amir Ananya Anders Andrei Anja
Antoine Arjun Astrid Ayşe Beatriz Bilal Björn Camila Carlos Caroline Catarina Chidi Chloé Claire
Daan Daniel David Diego Dilara Dmitri Ebba Eleni Elif Elisa Emeka Emil Emma Enzo Esther Eva Farah
Fatima Felix Fernando Finn Freya Gabriel Giulia Grace Hamza Hana Hanna Haruto Hassan Helena Hiroshi
Hugo Ibrahim Ida Ilse Imani Inés Ingrid Isabel Ismail Ivan Jakob James Jamila Jan Jana Jens Jiho
Joana João Johanna Jonas José Juan Julia Kaito Kamil Karim Katarzyna Kavya Kenji Khadija Kofi Lars
Laura Lea Leila Leon Liam Lina Linh Lorenzo Louise Lucas Lucía Luka Magnus Maja Malik Marek Maria
Mariam Marta Mateo Matteo Maya Mei Mia Miguel Mikael Mina Mohammed Mónica Nadia Naoko Nasrin Nia
Nikhil Nikolai Nina Noah Nora Nuno Oksana Olena Oliver Olivia Omar Oscar Otis Paula Pedro Petra
Priya Quynh Rachel Rafael Rania Ravi Rin Robin Rosa Rui Sakura Salma Samir Samuel Sanna Sara
Sebastian Selin Sofia Sora Stefan Svetlana Tariq Tatiana Thabo Thomas Tiago Tomas Uche Valentina
Vera Victor Viktoria Wei William Xin Yara Yasmin Yuki Yusuf Zainab Zeynep Zhen Zofia Zuri
"""
_LAST = """
Abara Abdi Acheampong Adeyemi Aguilar Ahmadi Almeida Andersen Andersson Aydin Bakker Barbosa Bauer
Becker Begum Bello Berg Bianchi Blanc Bondarenko Boateng Brandt Brown Carvalho Castro Chang Chen
Choi Costa Cruz Dahl Davis Delgado Demir Diallo Dubois Dvořák Eriksson Esposito Evans Fernandes
Fischer Flores Fontaine García Ghosh Gomes González Green Greco Gupta Haddad Hansen Haugen Hernández
Hoffmann Horváth Hussain Ibrahim Ivanov Jansen Jensen Jiménez Johansson Jones Kang Kaplan Karlsson
Kaya Keller Khan Kim Klein Kovács Kowalski Kumar Lambert Larsen Laurent Lee Lefèvre Lehmann Li Lim
Lindgren Liu Lopes López Lund Mahmoud Marino Martin Martins Mehta Meyer Mensah Mitchell Mohamed
Molina Moreau Moretti Mori Müller Murphy Mwangi Nakamura Nagy Ndiaye Nguyen Nielsen Nikolaidis
Novák Nowak Nwosu Obi Oduya Okonkwo Olsen Öztürk Park Patel Pereira Petrov Pham Popescu Rahman Ramos
Rao Reyes Ricci Richter Rivera Roberts Rodríguez Romano Rossi Roy Ruiz Sánchez Santos Sato Schäfer
Schmidt Schneider Sharma Silva Simon Singh Smith Sørensen Suzuki Svensson Takahashi Tanaka Taylor
Torres Tran Usman Vargas Vidal Vogel Wagner Walker Wang Weber Wójcik Wong Wright Wu Yamamoto Yang
Yilmaz Young Zhang Zhou Zimmermann
"""


_PLAIN = {ord("ø"): "o", ord("ß"): "ss", ord("ł"): "l"}


def everybody() -> QuerySet[User]:
    """Who was made here."""
    return User.objects.filter(email__endswith=f"@{HOST}")


def make(number: int, rng: random.Random) -> list[User]:
    """So many new accounts."""
    taken = set(User.objects.values_list("username", flat=True))
    named = names(rng)
    users: list[User] = []
    while len(users) < number:
        first, last = next(named)
        plain = f"{_ascii(first)}.{_ascii(last)}"
        username = next(name for name in _numbered(plain) if name not in taken)
        taken.add(username)
        users.append(
            User(
                username=username,
                email=f"{username}@{HOST}",
                first_name=first,
                last_name=last,
                password=make_password(None),
                wants_mail=False,
            )
        )
    return User.objects.bulk_create(users, batch_size=500)


def names(rng: random.Random) -> Iterator[tuple[str, str]]:
    """First and last names without end; few people share both."""
    first, last = _FIRST.split(), _LAST.split()
    while True:
        yield rng.choice(first), rng.choice(last)


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}{number}"


def _ascii(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    return text.encode("ascii", "ignore").decode()
