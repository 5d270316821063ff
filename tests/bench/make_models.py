#!/usr/bin/env python3
"""Writes an application of Pydantic models and SQLAlchemy tables, equal each time: make_models.py FOLDER [FILES]

FILES (200) modules below FOLDER/shop, each with an enum, four models that lean on the module before, validators,
and, in every fourth, a mapped table.
"""
import pathlib
import sys

HEAD = '''"""Part {number} of the shop."""
import datetime
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, Dict, List, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator
{more}

LIMIT = {number} + 50


class Mood{number}(str, enum.Enum):
    """How part {number} feels."""
    GOOD = "good"
    BAD = "bad"
    ODD = "odd"

'''

MODEL = '''
class {name}({base}):
    """What {name} is.

    In more words, as people write them over a model of an application.
    """
    model_config = ConfigDict(extra="forbid", frozen=True)

    uid: uuid.UUID = Field(default_factory=uuid.uuid4, description="Who it is")
    name: str = Field(..., min_length=1, max_length=LIMIT, alias="Name")
    total: Optional[Decimal] = Field(None, gt=0, max_digits=12, decimal_places=2)
    mood: Mood{number} = Mood{number}.GOOD
    tags: Dict[str, List[str]] = {{}}
    size: Literal["s", "m", "l"] = "m"
    code: Annotated[Union[int, str, None], Field(description="As the till has it")] = None
    made: datetime.datetime
    others: List["{other}"] = []
    anything: Any = None

    @field_validator("name", "code")
    @classmethod
    def check(cls, value):
        return value

    @computed_field
    @property
    def double(self) -> Decimal:
        return 2 * (self.total or 0)

    def price(self, rate: Decimal, day: datetime.date) -> Decimal:
        if self.total is None or day < self.made.date():
            return Decimal("0")
        return sum((self.total * rate for _ in self.tags), Decimal("0.00"))

'''

TABLE = '''
class Row{number}(Base):
    __tablename__ = "rows_{number}"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(LIMIT), unique=True, index=True)
    made: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    mood: Mapped[Mood{number}]
    parent_id: Mapped[Optional[int]] = mapped_column(ForeignKey("rows_0.id", ondelete="CASCADE"))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2), default=0)

'''


def module(number):
    more = ["from .part{0} import Model{0}x0".format(number - 1)] if number else []
    if number % 4 == 0:
        more += ["from sqlalchemy import ForeignKey, Numeric, String, func",
                 "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column"]
        more += ["from .part0 import Base"] if number else ["", "", "class Base(DeclarativeBase):", "    pass"]
    text = HEAD.format(number=number, more="\n".join(more))
    for at in range(4):
        base = "Model%dx%d" % (number, at - 1) if at == 3 else "BaseModel"
        if at == 1 and number:
            base = "Model%dx0" % (number - 1)
        text += MODEL.format(name="Model%dx%d" % (number, at), base=base, number=number, other="Model%dx0" % number)
    return text + (TABLE.format(number=number) if number % 4 == 0 else "")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: make_models.py FOLDER [FILES]")
    folder = pathlib.Path(sys.argv[1]) / "shop"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text("")
    for number in range(int(sys.argv[2]) if len(sys.argv) == 3 else 200):
        (folder / ("part%d.py" % number)).write_text(module(number))


if __name__ == "__main__":
    main()
