"""Writes holidays.csv: the national public holidays of python-holidays, without days off
that stand in for others. Run with holidays 0.109 (MIT), Python 3.11."""
import csv
import holidays

COUNTRIES = "AR AT AU BE BG BR CA CH CN CZ DE DK EE ES FI FR GB GR HK HR HU IE IT JP KR LT LU LV MX NL NO NZ PL PT RO SE SG SI SK TW US ZA".split()
# Days that nearly all shops keep, though the law calls them something else.
MORE = {"CA": {"subdiv": "ON"}, "CH": {"subdiv": "ZH"}, "GB": {"subdiv": "ENG"}, "SE": {"categories": ("public", "de_facto")}, "HK": {"categories": ("public", "optional")}}

with open("holidays.csv", "w", newline="") as f:
    w = csv.writer(f)
    w.writerow(["country", "day"])
    for c in COUNTRIES:
        more = MORE.get(c, {})
        for year in (2011, 2019, 2024, 2026):
            for day in sorted(holidays.country_holidays(c, years=year, observed=False, **more)):
                if day.year == year:
                    w.writerow([c, day])
