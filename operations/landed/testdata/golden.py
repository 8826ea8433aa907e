"""Makes golden.csv: what a person would compute by hand from the published rate.

Nothing here reads a pack of rules or calls Tradewind. Rates, thresholds and dates stand
below with where they were published; amounts are exact decimals, rounded half up to the
minor unit once, where the authority assesses them.

    python3 golden.py > golden.csv        (Python 3.9 or later, standard library only)
"""
import csv
import sys
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal as D

COLUMNS = """name change pack paid accepted from to region postcode channel buyer incoterm transport scheme
registered prices currency lines freight insurance brokerage commission payment returns
tariff_of tariff rates expected source""".split()

ROWS = []


def cents(x, step="0.01"):
    return (D(x) / D(step)).quantize(D(1), ROUND_HALF_UP) * D(step)


def show(x, places=2):
    return str(D(x).quantize(D(1).scaleb(-places)))


def case(name, expected, source, **columns):
    row = dict.fromkeys(COLUMNS, "")
    row.update({"name": name, "source": source, "currency": "EUR"})
    row.update({k.rstrip("_"): str(v) for k, v in columns.items()})
    row["expected"] = " ".join(f"{k}={v}" for k, v in expected.items())
    assert set(row) == set(COLUMNS), set(row) - set(COLUMNS)
    ROWS.append(row)


# --- Standard rates of VAT, sales inside a country -----------------------------------
IBERICODE = "ibericode/vat-rates (MIT), standard rate; price × rate"
KDELDYCKE = "kdeldycke/vat-rates (BSD), standard rates by date; price × rate"

# Percent on 2026-06-01.
STANDARD = {
    "AT": "20", "BE": "21", "BG": "20", "HR": "25", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24", "ES": "21",
    "FI": "25.5", "FR": "20", "GR": "24", "HU": "27", "IE": "23", "IT": "22", "LT": "21", "LU": "17", "LV": "21", "MT": "18",
    "NL": "21", "PL": "23", "PT": "23", "RO": "21", "SE": "25", "SI": "22", "SK": "23",
}
OWN = {"CZ": "CZK", "DK": "DKK", "HU": "HUF", "PL": "PLN", "RO": "RON", "SE": "SEK", "GB": "GBP", "BG": "EUR"}


def inside(country, percent, day, price, source, change="", name=None):
    price, rate = D(price), D(percent) / 100
    tax = cents(price * rate)
    case(name or f"VAT {country} {day}", {"tax": show(tax), "buyer": show(price + tax), "net": show(price), "duty": "0.00"}, f"{source}: {percent} %",
         change=change, paid=day, from_=country, to=country, currency=OWN.get(country, "EUR"), lines=f"1x{price}")


for i, (country, percent) in enumerate(sorted(STANDARD.items())):
    inside(country, percent, "2026-06-01", D("49.99") + i, IBERICODE)
inside("GB", "20", "2026-06-01", "89.95", "gov.uk, VAT rates")

# --- Either side of a day on which a rate changed --------------------------------------
CHANGES = [  # country, last day of the old rate, old, first day of the new one, new
    ("RO", "2025-07-31", "19", "2025-08-01", "21", IBERICODE),
    ("EE", "2025-06-30", "22", "2025-07-01", "24", IBERICODE),
    ("FI", "2024-08-31", "24", "2024-09-01", "25.5", IBERICODE),
    ("SK", "2024-12-31", "20", "2025-01-01", "23", IBERICODE),
    ("LU", "2023-12-31", "16", "2024-01-01", "17", IBERICODE),
    ("DE", "2020-06-30", "19", "2020-07-01", "16", IBERICODE),
    ("IE", "2020-08-31", "23", "2020-09-01", "21", IBERICODE),
    ("GB", "2009-12-31", "15", "2010-01-01", "17.5", KDELDYCKE),
    ("ES", "2010-06-30", "16", "2010-07-01", "18", KDELDYCKE),
    ("GR", "2010-03-14", "19", "2010-03-15", "21", KDELDYCKE),
    ("PT", "2010-12-31", "21", "2011-01-01", "23", KDELDYCKE),
    ("PL", "2010-12-31", "22", "2011-01-01", "23", KDELDYCKE),
    ("LV", "2010-12-31", "21", "2011-01-01", "22", KDELDYCKE),
    ("IT", "2011-09-16", "20", "2011-09-17", "21", KDELDYCKE),
    ("HU", "2011-12-31", "25", "2012-01-01", "27", KDELDYCKE),
]
for country, last, old, first, new, source in CHANGES:
    change = f"{country} {first}"
    inside(country, old, last, "119.90", source, change)
    inside(country, new, first, "119.90", source, change)
for day, percent in [("2010-12-31", "17.5"), ("2011-01-03", "17.5"), ("2011-01-04", "20")]:
    inside("GB", percent, day, "119.90", "gov.uk, VAT rate of 20 % from 4 January 2011", "GB 2011-01-04")

# The same price with tax in it: goods and tax are the price again.
for day, percent in [("2025-07-31", "19"), ("2025-08-01", "21")]:
    price, rate = D("119.90"), D(percent) / 100
    tax = cents(price * rate / (1 + rate))
    case(f"VAT RO contained {day}", {"tax": show(tax), "buyer": show(price), "net": show(price - tax)}, f"{IBERICODE}: {percent} %; price × rate ÷ (1 + rate)",
         change="RO contained 2025-08-01", paid=day, from_="RO", to="RO", currency="RON", prices="inclusive", lines=f"1x{price}")

# --- The European Union: relief, IOSS, flat duty ------------------------------------------
BAKER = "Baker McKenzie 2026-07-02 on Council Regulation (EU) 2026/382: relief to 150 EUR ends 2026-06-30, then 3 EUR a subheading"
IOSS = "DPD, IOSS questions and answers: up to 150 EUR of intrinsic value, VAT of the destination at the sale"
SHIRTS = "5x12.00@CN#610910"
WATCH = "5x12.00@CN#610910 1x30.00@CN#910211"
for day, duty in [("2026-06-30", "0.00"), ("2026-07-01", "3.00")]:
    tax = cents(D("60") * D("0.19"))
    case(f"EU five shirts {day}", {"duty": duty, "tax": show(tax), "buyer": show(D(60) + tax + D(duty))}, BAKER, change="EU 2026-07-01",
         paid=day, from_="CN", to="DE", registered="EU:ioss", lines=SHIRTS)
for day, duty in [("2026-06-30", "0.00"), ("2026-07-01", "6.00")]:
    tax = cents(D("90") * D("0.19"))
    case(f"EU shirts and a watch {day}", {"duty": duty, "tax": show(tax), "buyer": show(D(90) + tax + D(duty))}, BAKER, change="EU watch 2026-07-01",
         paid=day, from_="CN", to="DE", registered="EU:ioss", lines=WATCH)
# Without IOSS the import tax is charged on value and duty.
case("EU shirts and a watch without IOSS", {"duty": "6.00", "tax": show(cents(D("96") * D("0.19"))), "buyer": show(D("96") + cents(D("96") * D("0.19")))},
     BAKER + "; VAT Directive, Article 86: duty is part of the base", paid="2026-07-01", from_="CN", to="DE", lines=WATCH)
case("EU shirts, delivered duty paid", {"duty": "3.00", "tax": show(cents(D("63") * D("0.19"))), "buyer": "60.00", "net": show(D(60) - 3 - cents(D("63") * D("0.19")))},
     BAKER + "; Incoterms 2020, DDP: the seller bears both", paid="2026-07-01", from_="CN", to="DE", incoterm="DDP", lines=SHIRTS)
# Either side of 150 EUR: at most by IOSS, beyond it duty by the tariff and tax on both.
t150 = cents(D("150") * D("0.21"))
case("IOSS 150.00", {"duty": "0.00", "tax": show(t150), "buyer": show(150 + t150), "payer": "seller"}, IOSS, paid="2025-06-02", from_="CN", to="NL", registered="EU:ioss", lines="1x150.00@CN#610910")
d = cents(D("150.01") * D("0.12"))
t = cents((D("150.01") + d) * D("0.21"))
case("IOSS 150.01", {"duty": show(d), "tax": show(t), "buyer": show(D("150.01") + d + t), "payer": "buyer"}, IOSS + "; beyond it VAT on value and duty; duty of 12 % as the case says",
     paid="2025-06-02", from_="CN", to="NL", registered="EU:ioss", lines="1x150.01@CN#610910", tariff_of="EU", tariff="610910=12%")
case("marketplace imports", {"tax": show(cents(D("80") * D("0.23"))), "payer": "marketplace", "duty": "0.00"}, "VAT Directive, Article 14a(1), by Irish Revenue: the platform is liable up to 150 EUR",
     paid="2025-06-02", from_="CN", to="IE", channel="marketplace", lines="2x40.00@CN")
case("marketplace, goods in the union", {"tax": show(cents(D("400") * D("0.22"))), "payer": "marketplace", "duty": "0.00"}, "VAT Directive, Article 14a(2), by Irish Revenue: goods in the union of a seller abroad, of any value",
     paid="2025-06-02", from_="DE", to="IT", channel="marketplace", lines="1x400.00@CN")
# Distance sales inside the union.
case("distance sale under the threshold", {"tax": show(cents(D("100") * D("0.19"))), "payer": "seller"}, "VAT Directive, Articles 33 and 59c: below 10,000 EUR the tax of the country of departure",
     paid="2025-09-01", from_="DE", to="RO", lines="1x100.00")
case("distance sale under OSS", {"tax": show(cents(D("100") * D("0.21"))), "payer": "seller"}, "VAT Directive, Articles 33 and 59c: beyond 10,000 EUR the tax of the destination; ibericode, RO 21 % from 2025-08-01",
     paid="2025-09-01", from_="DE", to="RO", registered="EU:oss", lines="1x100.00")
case("distance sale to a business", {"tax": "0.00", "buyer": "100.00", "payer": "buyer"}, "VAT Directive, Articles 138 and 196: the business that buys declares the tax",
     paid="2025-09-01", from_="DE", to="RO", buyer="business", lines="1x100.00")
case("GB to DE before 2021", {"tax": "20.00", "duty": "0.00"}, "gov.uk: the United Kingdom was in the union's VAT area to 2020-12-31; tax of the country of departure", change="GB-DE 2021-01-01",
     paid="2020-12-31", from_="GB", to="DE", currency="GBP", lines="1x100.00@GB#610910")
case("GB to DE from 2021", {"tax": "19.00", "duty": "0.00"}, "gov.uk: an import from 2021-01-01; relief of duty to 150 EUR (Regulation 1186/2009), import VAT of 19 % as no relief to 22 EUR reaches 100 GBP", change="GB-DE 2021-01-01",
     paid="2021-01-01", from_="GB", to="DE", currency="GBP", lines="1x100.00@GB#610910", rates="EUR/GBP=0.9")

# --- Fees of states -------------------------------------------------------------------------
for day, fee in [("2025-12-31", D(0)), ("2026-01-01", D(25))]:
    tax = cents(D("100") * D("0.21"))
    case(f"RO parcel fee {day}", {"fees": show(fee), "tax": show(tax), "duty": "0.00", "buyer": show(100 + tax + fee)}, "vatupdate 2026-01-16: 25 RON a parcel from 2026-01-01", change="RO fee 2026-01-01",
         paid=day, from_="CN", to="RO", currency="RON", registered="EU:ioss", lines="1x100.00@CN#610910", rates="EUR/RON=5.00")
for day, fee in [("2026-02-28", D(0)), ("2026-03-01", D(4))]:
    tax = cents(D("90") * D("0.20"))
    case(f"FR fee {day}", {"fees": show(fee), "tax": show(tax), "duty": "0.00", "buyer": show(90 + tax + fee)}, "fiscalsolutions, aeb: 2 EUR an article from 2026-03-01", change="FR fee 2026-03-01",
         paid=day, from_="CN", to="FR", registered="EU:ioss", lines=WATCH)
for day, fee in [("2025-12-31", D(0)), ("2026-01-01", D(2))]:
    tax = cents(D("90") * D("0.22"))
    case(f"IT fee {day}", {"fees": show(fee), "tax": show(tax), "duty": "0.00", "buyer": show(90 + tax + fee)}, "vatupdate 2026-01-16: 2 EUR a consignment from 2026-01-01, as the case says", change="IT fee 2026-01-01",
         pack="given", paid=day, from_="CN", to="IT", registered="EU:ioss", lines=WATCH)

# --- United Kingdom ----------------------------------------------------------------------------
UK = "gov.uk, VAT on goods up to 135 GBP at the point of sale"
t = cents(D("135") * D("0.2"))
case("UK 135.00", {"duty": "0.00", "tax": show(t), "payer": "seller", "buyer": show(135 + t)}, UK, paid="2025-03-03", from_="CN", to="GB", currency="GBP", registered="GB:vat", lines="1x135.00@CN#610910")
d = cents(D("135.01") * D("0.12"))
t = cents((D("135.01") + d) * D("0.2"))
case("UK 135.01", {"duty": show(d), "tax": show(t), "payer": "buyer", "buyer": show(D("135.01") + d + t)}, UK + "; beyond it import VAT on value and duty; duty of 12 % as the case says",
     paid="2025-03-03", from_="CN", to="GB", currency="GBP", registered="GB:vat", lines="1x135.01@CN#610910", tariff_of="GB", tariff="610910=12%")
case("UK 135.00 by marketplace", {"duty": "0.00", "tax": "27.00", "payer": "marketplace"}, UK + ": the marketplace is liable", paid="2025-03-03", from_="CN", to="GB", currency="GBP", channel="marketplace", lines="3x45.00@CN")
case("UK freight apart", {"duty": "0.00", "tax": show(cents(D("150") * D("0.2"))), "payer": "seller"}, UK + ": the intrinsic value is without transport, the tax is on all that is paid",
     paid="2025-03-03", from_="CN", to="GB", currency="GBP", incoterm="FOB", registered="GB:vat", lines="1x130.00@CN", freight="20.00")
case("UK goods of a seller abroad", {"tax": "80.00", "payer": "marketplace", "duty": "0.00"}, "gov.uk: goods in the UK sold through a marketplace by overseas sellers, of any value",
     paid="2025-03-03", from_="GB", to="GB", currency="GBP", channel="marketplace", lines="1x400.00@CN")
for day, tax, payer in [("2020-12-31", "20.00", "seller"), ("2021-01-01", "20.00", "seller")]:
    case(f"UK from DE {day}", {"tax": tax if day > "2021" else "16.00", "payer": payer, "duty": "0.00"}, "gov.uk: an acquisition inside the union to 2020-12-31 (German 16 % of that half-year, ibericode), at the point of sale from 2021-01-01",
         change="GB 2021-01-01", paid=day, from_="DE", to="GB", currency="GBP", registered="" if day < "2021" else "GB:vat", lines="1x100.00@DE#610910", rates="EUR/GBP=0.9")

# --- Canada ---------------------------------------------------------------------------------------
CA = "CBSA Customs Notice 20-18: by courier from US and MX no tax to 40 CAD and no duty to 150 CAD, elsewhere and by post 20 CAD"


def canada(name, price, duty_rate, taxed, **more):
    price = D(price)
    duty = cents(price * D(duty_rate))
    tax = cents((price + duty) * D("0.05")) if taxed else D(0)
    columns = dict(paid="2025-09-01", from_="US", to="CA", region="CA-AB", currency="CAD", transport="courier", lines=f"1x{price}@US#610910", tariff_of="CA", tariff="610910=18%")
    columns.update(more)
    case(name, {"duty": show(duty), "tax": show(tax), "buyer": show(price + duty + tax)}, CA + "; GST 5 %; duty of 18 % as the case says", **columns)


canada("CA 40.00", "40.00", "0", False)
canada("CA 40.01", "40.01", "0", True)
canada("CA 150.00", "150.00", "0", True)
canada("CA 150.01", "150.01", "0.18", True)
canada("CA post 20.00", "20.00", "0", False, transport="post")
canada("CA post 20.01", "20.01", "0.18", True, transport="post")
canada("CA from China 20.00", "20.00", "0", False, from_="CN")
canada("CA from China 20.01", "20.01", "0.18", True, from_="CN")
canada("CA made in China, shipped from US 40.00", "40.00", "0", False, lines="1x40.00@CN#610910")
# At the rule itself, with the federal tax alone.
canada("CA before the agreement 40.00", "40.00", "0.18", True, paid="2020-06-30", change="CA 2020-07-01")
canada("CA after the agreement 40.00", "40.00", "0", False, paid="2020-07-01", change="CA 2020-07-01")
for row in ROWS[-2:]:
    row["region"] = ""
    row["pack"] = "given"
# Ontario: 5 % and 8 % on the same base.
case("CA Ontario", {"duty": "0.00", "tax": show(cents(D("100") * D("0.05")) + cents(D("100") * D("0.08"))), "buyer": "113.00"}, CA + "; HST of Ontario 13 %, sales-tax 2.23.0 (MIT)",
     paid="2025-09-01", from_="US", to="CA", region="CA-ON", currency="CAD", transport="courier", lines="1x100.00@US#610910")

# --- Mexico ------------------------------------------------------------------------------------------
MX = "Baker McKenzie 2025-07-29: 33.5 %; from US and CA nothing to 50 USD, 17 % to 117 USD, 19 % beyond"
for price, rate in [("50.00", "0"), ("50.01", "0.17"), ("117.00", "0.17"), ("117.01", "0.19"), ("2500.00", "0.19")]:
    duty = cents(D(price) * D(rate))
    case(f"MX from US {price}", {"duty": show(duty), "tax": "0.00", "buyer": show(D(price) + duty)}, MX, paid="2025-09-01", from_="US", to="MX", currency="USD", transport="courier", lines=f"1x{price}@US")
for price in ["50.00", "117.01", "2500.00"]:
    duty = cents(D(price) * D("0.335"))
    case(f"MX from CN {price}", {"duty": show(duty), "tax": "0.00", "buyer": show(D(price) + duty)}, MX, paid="2025-09-01", from_="CN", to="MX", currency="USD", transport="courier", lines=f"1x{price}@CN")

# --- United States ----------------------------------------------------------------------------------
US = "90 FR 37775: duty-free entry to 800 USD ends for all countries on 2025-08-29"
for day, duty in [("2025-08-28", D(0)), ("2025-08-29", cents(D("100") * D("0.165")))]:
    case(f"US de minimis {day}", {"duty": show(duty), "tax": "0.00", "buyer": show(100 + duty)}, US + "; duty of 16.5 % as the case says", change="US 2025-08-29", pack="given",
         paid=day, from_="GB", to="US", region="US-OR", currency="USD", transport="courier", lines="1x100.00@GB#610910", tariff_of="US", tariff="610910=16.5%")
for price, rate in [("800.00", "0"), ("800.01", "0.165")]:
    duty = cents(D(price) * D(rate))
    case(f"US {price}", {"duty": show(duty), "buyer": show(D(price) + duty)}, "81 FR 58831: 800 USD a person and day; duty of 16.5 % as the case says",
         paid="2024-06-03", from_="GB", to="US", region="US-OR", currency="USD", transport="courier", lines=f"1x{price}@GB#610910", tariff_of="US", tariff="610910=16.5%")
for price, rate in [("200.00", "0"), ("200.01", "0.165")]:
    duty = cents(D(price) * D(rate))
    case(f"US 2010 {price}", {"duty": show(duty), "buyer": show(D(price) + duty)}, "FedEx: 200 USD before 10 March 2016; duty of 16.5 % as the case says", change="US 800 2016-03-10" if price == "200.01" else "",
         paid="2016-03-09", from_="GB", to="US", currency="USD", transport="courier", lines=f"1x{price}@GB#610910", tariff_of="US", tariff="610910=16.5%")
case("US 2016 200.01", {"duty": "0.00", "buyer": "200.01"}, "FedEx: 800 USD from 10 March 2016", change="US 800 2016-03-10",
     paid="2016-03-10", from_="GB", to="US", currency="USD", transport="courier", lines="1x200.01@GB#610910", tariff_of="US", tariff="610910=16.5%")
for origin, day, rate in [("CN", "2025-05-01", "0"), ("CN", "2025-05-02", "0.165"), ("GB", "2025-05-02", "0")]:
    duty = cents(D("100") * D(rate))
    case(f"US goods of {origin} {day}", {"duty": show(duty)}, "Executive Orders 14195 and 14256: goods of CN and HK excluded from 2025-05-02, wherever shipped from; duty of 16.5 % as the case says",
         change="US CN 2025-05-02" if origin == "CN" else "", pack="given", paid=day, from_="GB", to="US", currency="USD", transport="courier", lines=f"1x100.00@{origin}#610910", tariff_of="US", tariff="610910=16.5%")
S122 = "Thompson Hine 2026-02-20: Section 122, 10 % from 2026-02-24 to 2026-07-23; duty of 16.5 % as the case says"
for day, more in [("2026-02-23", D(0)), ("2026-02-24", D("10.00"))]:
    duty = D("16.50") + more
    case(f"US section 122 {day}", {"duty": show(duty), "buyer": show(100 + duty)}, S122, change="US 2026-02-24", pack="given",
         paid=day, from_="GB", to="US", currency="USD", transport="courier", lines="1x100.00@GB#610910", tariff_of="US", tariff="610910=16.5%")
case("US freight is no part of the value", {"value": "100.00", "duty": "16.50", "buyer": "136.50"}, "CBP: assessed on the FOB value; duty of 16.5 % as the case says", pack="given",
     paid="2025-09-01", from_="GB", to="US", currency="USD", incoterm="FOB", transport="courier", lines="1x100.00@GB#610910", freight="20.00", tariff_of="US", tariff="610910=16.5%")
case("US sales tax by facilitator", {"tax": "8.25", "payer": "marketplace", "duty": "0.00"}, "sales-tax 2.23.0 (MIT): California 8.25 %; marketplace facilitator collects (Avalara); as the case says", pack="given",
     paid="2025-08-20", from_="US", to="US", region="US-CA", currency="USD", channel="marketplace", lines="1x100.00@US")

# --- Brazil -----------------------------------------------------------------------------------------------
BR = "Portaria MF 1.086/2024; UOL: ICMS 17 % inside its own base"


def brazil(price, duty):
    price, duty = D(price), D(duty)
    tax = cents((price + duty) / (1 - D("0.17")) * D("0.17"))
    case(f"BR {price}", {"duty": show(duty), "tax": show(tax), "buyer": show(price + duty + tax)}, BR, paid="2024-09-02", from_="CN", to="BR", currency="USD", scheme="br_remessa_conforme", lines=f"1x{price}@CN")


brazil("50.00", cents(D("50.00") * D("0.2")))  # total 72.29
brazil("50.01", cents(D("50.01") * D("0.6")) - 20)
brazil("100.00", cents(D("100.00") * D("0.6")) - 20)  # total 168.67
brazil("3000.00", cents(D("3000.00") * D("0.6")) - 20)

# --- China -------------------------------------------------------------------------------------------------
CN = "Cai Guan Shui [2016] 18 and [2018] 49: (consumption tax + VAT) ÷ (1 - consumption tax) × 0.7"
t = cents(D("1000") * D("0.13") * D("0.7"))
case("CBEC 9.1 %", {"duty": show(t), "tax": "0.00", "buyer": show(1000 + t)}, CN, paid="2025-11-14", from_="DE", to="CN", currency="CNY", scheme="cn_cbec", lines="1x1000.00@DE")
t = cents(D("1000") * (D("0.15") + D("0.13")) / (1 - D("0.15")) * D("0.7"))
case("CBEC 23.06 %", {"duty": show(t), "tax": "0.00", "buyer": show(1000 + t)}, CN + "; luxury cosmetics 15 %, as the case says", pack="given", paid="2025-11-14", from_="FR", to="CN", currency="CNY", scheme="cn_cbec", lines="1x1000.00@FR/luxury_cosmetics")
t = cents(D("5000") * D("0.091"))
case("CBEC 5000.00", {"duty": show(t), "tax": "0.00"}, CN + "; 5,000 CNY an order", paid="2025-11-14", from_="DE", to="CN", currency="CNY", scheme="cn_cbec", lines="1x5000.00@DE#610910", tariff_of="CN", tariff="610910=6%")
d = cents(D("5000.01") * D("0.06"))
t = cents((D("5000.01") + d) * D("0.13"))
case("CBEC 5000.01", {"duty": show(d), "tax": show(t)}, CN + "; beyond 5,000 CNY duty and VAT in full; duty of 6 % as the case says", paid="2025-11-14", from_="DE", to="CN", currency="CNY", scheme="cn_cbec", lines="1x5000.01@DE#610910", tariff_of="CN", tariff="610910=6%")

# --- India, Korea --------------------------------------------------------------------------------------------------
case("IN 9804 with entry 608", {"duty": "30.98", "tax": "0.00", "buyer": "130.98"}, "Mumbai Customs Zone III: 10 % + 10 % + 18 % on all = 30.98 % of CIF, as the case says", pack="given",
     paid="2025-09-01", from_="DE", to="IN", currency="USD", scheme="in_9804_608", lines="1x100.00@DE")
v = D("1234.50") + D("65.50")
basic = D("0.10")
surcharge = basic * D("0.10")  # on the basic duty
gst = (1 + basic + surcharge) * D("0.18")
assert basic + surcharge + gst == D("0.3098")
duty = cents(v * (basic + surcharge + gst))
case("IN 9804 with freight", {"duty": show(duty), "buyer": show(v + duty)}, "Mumbai Customs Zone III: 30.98 % of CIF, as the case says", pack="given",
     paid="2025-09-01", from_="DE", to="IN", currency="USD", incoterm="FOB", scheme="in_9804_608", lines="1x1234.50@DE", freight="65.50")
KR = "krutils: to 150 USD nothing, 200 USD shipped from US, beyond it duty and VAT of 10 % on the whole, as the case says; duty of 8 % as the case says"
for origin, price, taxed in [("DE", "150.00", False), ("DE", "150.01", True), ("US", "200.00", False), ("US", "200.01", True), ("DE", "200.00", True)]:
    duty = cents(D(price) * D("0.08")) if taxed else D(0)
    tax = cents((D(price) + duty) * D("0.1")) if taxed else D(0)
    case(f"KR from {origin} {price}", {"duty": show(duty), "tax": show(tax), "buyer": show(D(price) + duty + tax)}, KR, pack="given",
         paid="2026-05-04", from_=origin, to="KR", currency="USD", lines=f"1x{price}@{origin}#610910", tariff_of="KR", tariff="610910=8%")

# --- Australia, New Zealand, Singapore, Japan ---------------------------------------------------------------------------
AU = "ATO LCR 2018/1: GST 10 % at the sale on goods to 1,000 AUD"
case("AU 1000.00", {"duty": "0.00", "tax": "100.00", "payer": "seller"}, AU, paid="2025-03-03", from_="CN", to="AU", currency="AUD", registered="AU:gst", lines="1x1000.00@CN")
d = cents(D("1000.01") * D("0.05"))
t = cents((D("1000.01") + d + 80) * D("0.1"))
case("AU 1000.01", {"value": "1000.01", "duty": show(d), "tax": show(t), "payer": "buyer"}, AU + "; beyond it at the border on value, duty and transport; duty of 5 % as the case says",
     paid="2025-03-03", from_="CN", to="AU", currency="AUD", incoterm="FOB", registered="AU:gst", lines="1x1000.01@CN#610910", freight="80.00", tariff_of="AU", tariff="610910=5%")
case("AU by marketplace", {"duty": "0.00", "tax": "30.00", "payer": "marketplace"}, AU + "; platforms included", paid="2025-03-03", from_="CN", to="AU", currency="AUD", channel="marketplace", lines="3x100.00@CN")
NZ = "IRD: GST 15 % at the sale on items to 1,000 NZD each, from 2019-12-01"
case("NZ 1000.00", {"duty": "0.00", "tax": show(cents(D("900") * D("0.15")))}, NZ, paid="2025-03-03", from_="CN", to="NZ", currency="NZD", registered="NZ:gst", lines="3x300.00@CN")
case("NZ 3 x 400.00", {"tax": show(cents(D("1200") * D("0.15"))), "duty": show(cents(D("1200") * D("0.1"))), "payer": "seller"}, NZ + "; the item counts, not the consignment; duty of 10 % as the case says", paid="2025-03-03", from_="CN", to="NZ", currency="NZD",
     registered="NZ:gst", lines="3x400.00@CN#610910", tariff_of="NZ", tariff="610910=10%")
for day, percent in [("2010-09-30", "12.5"), ("2010-10-01", "15")]:
    tax = cents(D("119.90") * D(percent) / 100)
    case(f"NZ GST {day}", {"tax": show(tax), "buyer": show(D("119.90") + tax)}, f"IRD: GST {percent} %", change="NZ 2010-10-01", paid=day, from_="NZ", to="NZ", currency="NZD", lines="1x119.90")
for day, percent in [("2022-12-31", "7"), ("2023-01-01", "8"), ("2023-12-31", "8"), ("2024-01-01", "9")]:
    tax = cents(D("250") * D(percent) / 100)
    case(f"SG GST {day}", {"tax": show(tax), "buyer": show(250 + tax)}, f"sales-tax 2.23.0 (MIT): {percent} %, as the case says", change="SG " + ("2023-01-01" if day < "2023-06" else "2024-01-01"), pack="given",
         paid=day, from_="SG", to="SG", currency="SGD", lines="1x250.00")
for day, percent in [("2023-12-31", "7.7"), ("2024-01-01", "8.1")]:
    tax = cents(D("119.90") * D(percent) / 100)
    case(f"CH VAT {day}", {"tax": show(tax), "buyer": show(D("119.90") + tax)}, f"{KDELDYCKE}: {percent} %", change="CH 2024-01-01", paid=day, from_="CH", to="CH", currency="CHF", lines="1x119.90")
for day, percent in [("2019-09-30", "8"), ("2019-10-01", "10")]:
    tax = D("12300") * D(percent) / 100
    case(f"JP consumption tax {day}", {"tax": show(tax, 0), "buyer": show(D("12300") + tax, 0)}, f"{KDELDYCKE}: {percent} %, without rounding to 100 JPY as the sum has none", change="JP 2019-10-01", pack="given",
         paid=day, from_="JP", to="JP", currency="JPY", lines="1x12300")
case("JP 10000", {"duty": "0", "tax": "0"}, "Japan Customs: to 10,000 JPY free of duty and consumption tax", paid="2025-03-03", from_="CN", to="JP", currency="JPY", lines="1x10000@CN")


def floor(x, step):
    return (D(x) / step).quantize(D(1), ROUND_FLOOR) * step


value = floor("23456", 1000)
duty = floor(value * D("0.109"), 100)
tax = floor(floor(D("23456") + duty, 1000) * D("0.1"), 100)
case("JP 23456", {"duty": show(duty, 0), "tax": show(tax, 0)}, "Japan Customs: value down to 1,000 JPY, duty and tax down to 100 JPY; duty of 10.9 % and one rate of 10 % as the case says",
     paid="2025-03-03", from_="CN", to="JP", currency="JPY", lines="1x23456@CN#610910", tariff_of="JP", tariff="610910=10.9%")

# --- The cascade, who bears it, and what is left to the seller ---------------------------------------------------------------
case("cascade", {"value": "76792.00", "duty": "6143.36", "tax": "17416.43", "buyer": "100351.79", "landed": "100351.79"}, "worked example: 70,000 and freight 6,792; duty 8 %; VAT 21 % on value and duty",
     paid="2025-03-03", from_="CN", to="NL", incoterm="FOB", transport="freight", lines="1x70000.00@CN#610910", freight="6792.00", tariff_of="EU", tariff="610910=8%")
case("cascade, the business takes the tax back", {"duty": "6143.36", "tax": "17416.43", "buyer": "100351.79", "landed": "82935.36"}, "worked example; VAT Directive, Article 168: a business deducts import VAT",
     paid="2025-03-03", from_="CN", to="NL", buyer="business", incoterm="FOB", transport="freight", lines="1x70000.00@CN#610910", freight="6792.00", tariff_of="EU", tariff="610910=8%")
case("cascade, freight in the price", {"value": "76792.00", "duty": "6143.36", "tax": "17416.43", "net": "70000.00"}, "worked example with the freight in the price: Incoterms 2020, DAP",
     paid="2025-03-03", from_="CN", to="NL", incoterm="DAP", transport="freight", lines="1x76792.00@CN#610910", freight="6792.00", tariff_of="EU", tariff="610910=8%")
case("cascade, broker", {"fees": "85.00", "buyer": "100436.79"}, "worked example with 85 to the broker, outside the base",
     paid="2025-03-03", from_="CN", to="NL", incoterm="FOB", transport="freight", lines="1x70000.00@CN#610910", freight="6792.00", brokerage="85.00", tariff_of="EU", tariff="610910=8%")
for term in ["EXW", "FCA", "FAS", "FOB"]:
    case(f"freight by the buyer, {term}", {"buyer": "142.80", "net": "100.00"}, "Incoterms 2020: the buyer pays the main carriage; German VAT of 19 % on 120",
         paid="2025-03-03", from_="DE", to="DE", incoterm=term, lines="1x100.00", freight="20.00")
for term in ["CFR", "CPT", "CIF", "CIP", "DAP", "DPU", "DDP"]:
    case(f"freight by the seller, {term}", {"buyer": "119.00", "net": "80.00"}, "Incoterms 2020: the seller pays the main carriage; German VAT of 19 % on 100",
         paid="2025-03-03", from_="DE", to="DE", incoterm=term, lines="1x100.00", freight="20.00")
# gross ÷ (1 + VAT) - commission - payment - returns, all by hand: 119 with 19 % in it.
case("net revenue", {"tax": "19.00", "net": show(D("100") - cents(D("119") * D("0.15")) - cents(D("119") * D("0.029")) - cents(D("100") * D("0.05")))},
     "net revenue = gross ÷ (1 + VAT) - commission - payment - returns; 15 %, 2.9 % and 5 %", paid="2025-03-03", from_="DE", to="DE", prices="inclusive", lines="1x119.00", commission="0.15", payment="0.029", returns="0.05")
# A specific duty and a compound one.
duty = cents(D("200") * D("0.05") + 4 * D("1.50"))
tax = cents((200 + duty) * D("0.19"))
case("compound duty", {"duty": show(duty), "tax": show(tax)}, "WTO glossary: a compound duty adds ad valorem and specific parts; 5 % and 1.50 EUR a piece, as the case says",
     paid="2025-03-03", from_="CN", to="DE", lines="4x50.00@CN#610910", tariff_of="EU", tariff="610910=5%+1.50EUR/piece")
# An unknown rate is never zero.
case("no tariff", {"duty": "0.00+", "tax": "38.00+", "buyer": "238.00+"}, "a missing rate is asked for: tax of 19 % on the value at the least", paid="2025-03-03", from_="CN", to="DE", lines="4x50.00@CN#610910")

out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
out.writeheader()
out.writerows(ROWS)
print(len(ROWS), "cases,", len({r["change"] for r in ROWS if r["change"]}), "changes of date", file=sys.stderr)
