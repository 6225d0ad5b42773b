"""The invented participants of the demo: names, birth dates, work, and numbers that look like a NIK."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

GIVEN_F = "Siti Dewi Ratna Ayu Nurul Wulan Kartika Indah Fitri Lestari Anisa Yuliana Melati Putri Sari Rina".split()
GIVEN_M = "Agus Budi Rizky Hendra Joko Andi Fajar Dimas Yusuf Eko Wahyu Bayu Rudi Arif Teguh Iwan".split()
FAMILY = (
    "Rahmawati Prasetyo Lestari Santoso Wulandari Ramadhan Siregar Hutapea Nugroho Pratama Situmorang Kurniawan "
    "Saputra Anggraini Hidayat Maulana Purnomo Simanjuntak Susanti Wibowo Halim Permana Setiawan Utami Hakim Putra "
    "Nasution Ginting Manurung Tanjung Gunawan Suryani"
).split()
CITIES = ["Jakarta", "Bandung", "Surabaya", "Medan", "Makassar", "Kupang", "Denpasar", "Yogyakarta", "Balikpapan"]
PROVINCES = ["3174", "3273", "3578", "1271", "7371", "5371", "5171", "3471", "6471"]
FIELDS = [
    ("Operator Komputer", "Instruktur Komputer", "PT Nusantara Data"),
    ("Tata Boga", "Juru Masak Kepala", "Hotel Cendana"),
    ("Pengelasan", "Juru Las", "PT Baja Samudra"),
    ("Akuntansi", "Staf Akuntansi", "Koperasi Sejahtera"),
    ("Desain Grafis", "Perancang Grafis", "Studio Lontar"),
    ("Pemandu Wisata", "Pemandu Senior", "Jelajah Timur"),
]
LEVELS = ["S1", "S1", "D3", "S2", "S1", "D3"]


@dataclass(frozen=True)
class Actor:
    """One invented person; `nik` fits birth date and sex."""

    name: str
    email: str
    sex: str  # L or P
    birth_date: date
    birth_place: str
    nik: str
    phone: str
    city: str
    level: str
    field: str
    position: str
    employer: str
    years: int  # of experience in the field, ending today


def actors(seed: int = 17) -> Iterator[Actor]:
    """Endlessly many people, always the same ones."""
    dice = random.Random(seed)  # noqa: S311  (invented people, not secrets)
    taken: set[str] = set()
    number = 0
    while True:
        sex = "P" if number % 2 == 0 else "L"
        name = f"{dice.choice(GIVEN_F if sex == 'P' else GIVEN_M)} {dice.choice(FAMILY)}"
        if name in taken:
            name = f"{name.split()[0]} {dice.choice(FAMILY)} {name.split()[1]}"
        if name in taken:
            continue
        taken.add(name)
        number += 1
        yield _actor(dice, number, name, sex)


def _actor(dice: random.Random, number: int, name: str, sex: str) -> Actor:
    born = date(dice.randint(1972, 1996), dice.randint(1, 12), dice.randint(1, 28))
    place = dice.randrange(len(CITIES))
    field, position, employer = FIELDS[number % len(FIELDS)]
    day = born.day + (40 if sex == "P" else 0)
    return Actor(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@contoh.test",
        sex=sex,
        birth_date=born,
        birth_place=CITIES[place],
        nik=f"{PROVINCES[place]}05{day:02}{born:%m%y}{number:04}",
        phone=f"+62812{3000000 + number * 137:08}",
        city=CITIES[place],
        level=LEVELS[number % len(LEVELS)],
        field=field,
        position=position,
        employer=employer,
        years=dice.randint(6, 15),
    )
