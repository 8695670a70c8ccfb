"""Owns the short names of what is found in a roster: they fit a column, the whole sentence stands beside the list."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from villagedesk.domain.roster import CellProblem
from villagedesk.ui.room import Words


class Shorts(QObject):
    """Made in the GUI thread, read in any.  A finding without a short name shows the beginning of its sentence."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._comma = self.tr("，")
        self.updated, self.same = self.tr("会更新"), self.tr("和已有的一样")
        self._names: Mapping[str, str] = {**self._numbers(), **self._people(), **self._homes()}

    def of(self, problem: CellProblem) -> str:
        known = self._names.get(problem.code)
        if known is not None:
            return known.format_map({key: str(value) for key, value in problem.params.items()})
        return self._words.say(problem.code, **problem.params).split(self._comma)[0]

    def _numbers(self) -> dict[str, str]:
        return {
            "id_excel_precision": self.tr("号码末三位被截断"),
            "id_excel_scientific": self.tr("号码成了科学计数"),
            "id_checksum": self.tr("号码校验不符"),
            "id_checksum_swapped": self.tr("号码两位写反"),
            "id_length": self.tr("号码位数不对"),
            "id_character": self.tr("号码里有别的字"),
            "id_birth_date": self.tr("号码里日期不对"),
            "id_birth_future": self.tr("号码里日期没到"),
            "id_address": self.tr("号码前六位要核对"),
            "id_masked": self.tr("号码带星号"),
            "id_missing": self.tr("没有号码"),
            "id_words": self.tr("号码栏写的是字"),
            "id_changed": self.tr("号码和已有的不同"),
            "id_is_certificate": self.tr("填的是残疾证号"),
            "id_twice_in_file": self.tr("号码重复"),
            "id_very_old": self.tr("年纪太大"),
            "masked_differs": self.tr("遮住的对不上"),
            "phone_length": self.tr("电话位数不对"),
            "phone_no_area": self.tr("电话缺区号"),
            "phone_unknown": self.tr("没有这个号段"),
            "phone_character": self.tr("电话里有别的字"),
            "phone_second": self.tr("有几个电话"),
            "phone_masked": self.tr("电话带星号"),
            "phone_scientific": self.tr("电话成了科学计数"),
            "bank_length": self.tr("账号位数不对"),
            "bank_luhn": self.tr("账号校验不符"),
            "bank_masked": self.tr("账号带星号"),
            "bank_character": self.tr("账号里有别的字"),
            "bank_excel_precision": self.tr("账号末几位丢了"),
            "bank_scientific": self.tr("账号成了科学计数"),
            "certificate_masked": self.tr("残疾证号带星号"),
            "text_excel_precision": self.tr("长号码末几位丢了"),
        }

    def _people(self) -> dict[str, str]:
        return {
            "name_missing": self.tr("没有姓名"),
            "name_masked": self.tr("姓名被遮住"),
            "name_lost_character": self.tr("姓名缺字"),
            "name_digits": self.tr("姓名里有数字"),
            "name_brackets": self.tr("姓名里有括号"),
            "name_dot": self.tr("姓名里的点不对"),
            "name_punctuation": self.tr("姓名里有标点"),
            "name_one_character": self.tr("姓名只有一个字"),
            "name_two_lines": self.tr("一格里两个人"),
            "name_unreadable": self.tr("不像姓名"),
            "name_too_long": self.tr("姓名太长"),
            "name_private_use": self.tr("姓名有旧造字"),
            "name_ambiguous": self.tr("同户有人同名"),
            "name_changed": self.tr("姓名和已有的不同"),
            "relation_missing": self.tr("没有与户主关系"),
            "two_heads_in_file": self.tr("一户两个户主"),
            "head_from_columns": self.tr("户主取自户主栏"),
            "head_name_differs": self.tr("户主姓名对不上"),
            "sex_differs_from_id": self.tr("性别与号码不符"),
            "birth_differs_from_id": self.tr("生日与号码不符"),
            "code_unknown": self.tr("没有这一项"),
            "flag_unknown": self.tr("要填是或否"),
            "codes_too_many": self.tr("选得太多"),
            "date_unreadable": self.tr("日期看不懂"),
            "date_incomplete": self.tr("日期不全"),
            "date_impossible": self.tr("没有这一天"),
            "date_serial": self.tr("日期成了序号"),
            "date_year": self.tr("年份不对"),
            "number_unreadable": self.tr("数看不懂"),
            "number_not_whole": self.tr("要填整数"),
            "number_too_large": self.tr("数太大"),
            "number_too_small": self.tr("数太小"),
            "text_too_long": self.tr("字太多"),
        }

    def _homes(self) -> dict[str, str]:
        return {
            "household_no_head": self.tr("这户没有户主"),
            "household_head_waits": self.tr("户主第 {row} 行待改"),
            "household_no_taken": self.tr("户编号是别户的"),
            "household_no_local": self.tr("户编号没有存"),
            "household_values_differ": self.tr("同户写得不一样"),
            "household_ambiguous": self.tr("分不清是哪户"),
            "roster_household_unknown": self.tr("没写是哪一户"),
            "person_in_other_household": self.tr("此人在别的户"),
            "person_has_left": self.tr("此人已离户"),
            "other_village": self.tr("别村的人"),
            "table_beside": self.tr("右边还有一张表"),
            "sheet_not_read": self.tr("有一张表没读"),
            "village_differs": self.tr("村名不同"),
            "place_new": self.tr("将新建“{place}”"),
            "micro_grid_without_grid": self.tr("不知是哪个网格"),
        }
