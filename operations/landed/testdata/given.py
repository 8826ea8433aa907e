"""Makes given.yaml: rules as the golden cases give them. They test the calculator at a rule,
also where the standard packs hold that rule unconfirmed; nothing else reads them.

    python3 given.py > given.yaml
"""


def rule(id, topic, place, since, until, params, extra=""):
    print(f"""  - id: {id}
    topic: {topic}
    jurisdiction: {place}
    title: {{en: "As the golden case says", zh: 依黄金用例}}
    effective_from: {since}""")
    if until:
        print(f"    effective_to: {until}")
    print(f"""    status: {'expired' if until else 'in_force'}
    evidence: B
    params: {params}
    source: {{title: "The source that the golden case names", kind: adviser, retrieved_on: 2026-11-22}}
    verified_on: 2026-11-22""")


print("""# Rules as the golden cases give them, made by given.py. They test the calculator at a rule
# and say nothing of what the law is.
pack: given
recorded_on: 2026-11-22
rules:""")
rule("IT.union", "union", "EU", "2021-01-01", "", "{members: [DE, FR, IT], customs: true, tax: true}")
rule("IT.relief", "duty_relief", "EU", "2021-07-01", "2026-06-30", "{limit: 150 EUR}")
rule("IT.ioss", "sale_tax", "EU", "2021-07-01", "", "{limit: 150 EUR, consumers: true, scheme: ioss}")
rule("IT.customs", "customs", "EU", "2021-07-01", "", "{base: cif, tax_base: [customs_value, duty]}")
rule("IT.vat", "tax_rate", "IT", "2013-10-01", "", "{tax: vat, class: standard, rate: 0.22}")
rule("IT.fee", "parcel_fee", "IT", "2026-01-01", "", "{limit: 150 EUR, amount: 2 EUR, each: consignment}")
rule("US.customs", "customs", "US", "2007-01-01", "", "{base: fob, tax_base: [customs_value]}")
rule("US.sales_tax.OR", "tax_rate", "US", "2007-01-01", "", "{tax: sales_tax, class: standard, region: US-OR, rate: 0}")
rule("US.sales_tax.CA", "tax_rate", "US", "2007-01-01", "", "{tax: sales_tax, class: standard, region: US-CA, rate: 0.0825}")
rule("US.facilitator", "deemed_supplier", "US", "2019-07-01", "", "{consumers: true, sales: domestic}")
rule("US.relief", "duty_relief", "US", "2016-03-10", "2025-05-01", "{limit: 800 USD}")
rule("US.relief.not_cn", "duty_relief", "US", "2025-05-02", "2025-08-28", "{limit: 800 USD, not_origins: [CN, HK]}")
rule("US.section_122", "surcharge", "US", "2026-02-24", "2026-07-23", "{name: section_122, rate: 0.1, not_origins: [CA, MX]}")
rule("CA.gst", "tax_rate", "CA", "2008-01-01", "", "{tax: gst, class: standard, rate: 0.05}")
rule("CA.customs", "customs", "CA", "2007-01-01", "", "{base: fob, tax_base: [customs_value, duty]}")
rule("CA.duty.20", "duty_relief", "CA", "2007-01-01", "2020-06-30", "{limit: 20 CAD}")
rule("CA.tax.20", "tax_relief", "CA", "2007-01-01", "2020-06-30", "{limit: 20 CAD}")
rule("CA.duty.150", "duty_relief", "CA", "2020-07-01", "", "{limit: 150 CAD, transport: [courier], shipped_from: [US, MX]}")
rule("CA.tax.40", "tax_relief", "CA", "2020-07-01", "", "{limit: 40 CAD, transport: [courier], shipped_from: [US, MX]}")
rule("CN.vat", "tax_rate", "CN", "2019-04-01", "", "{tax: vat, class: standard, rate: 0.13}")
rule("CN.luxury", "tax_rate", "CN", "2019-04-01", "", "{tax: consumption_tax, class: luxury_cosmetics, rate: 0.15, inside: true}")
rule("CN.customs", "customs", "CN", "2019-04-01", "", "{base: cif, tax_base: [customs_value, duty]}")
rule("CN.cbec", "simplified_import", "CN", "2019-01-01", "", "{scheme: cn_cbec, limit: 5000 CNY, consumers: true, factor: 0.7, year_limit: 26000 CNY, replaces_tax: true}")
rule("IN.customs", "customs", "IN", "2025-01-01", "", "{base: cif, tax_base: [customs_value, duty]}")
rule("IN.9804", "simplified_import", "IN", "2025-01-01", "", "{scheme: in_9804_608, consumers: true, bands: [{rate: 0.3098}], replaces_tax: true, base_freight: true}")
rule("KR.vat", "tax_rate", "KR", "2007-01-01", "", "{tax: vat, class: standard, rate: 0.1}")
rule("KR.customs", "customs", "KR", "2007-01-01", "", "{base: cif, tax_base: [customs_value, duty]}")
for topic in ["duty_relief", "tax_relief"]:
    rule(f"KR.{topic}", topic, "KR", "2026-05-01", "", "{limit: 150 USD, consumers: true, not_shipped_from: [US]}")
    rule(f"KR.{topic}.us", topic, "KR", "2026-05-01", "", "{limit: 200 USD, consumers: true, shipped_from: [US]}")
for since, until, rate in [("2007-07-01", "2022-12-31", "0.07"), ("2023-01-01", "2023-12-31", "0.08"), ("2024-01-01", "", "0.09")]:
    rule(f"SG.gst.{since}", "tax_rate", "SG", since, until, f"{{tax: gst, class: standard, rate: {rate}}}")
for since, until, rate in [("2014-04-01", "2019-09-30", "0.08"), ("2019-10-01", "", "0.1")]:
    rule(f"JP.tax.{since}", "tax_rate", "JP", since, until, f"{{tax: consumption_tax, class: standard, rate: {rate}}}")
