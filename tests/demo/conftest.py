"""One demo company for all tests of it, with its exports as DuckDB views."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from carpel.demo import Company, generate

END = date(2025, 6, 30)

VIEWS = """
create view crm as select * from read_csv('{data}/crm/customers/*.csv', all_varchar = true, header = true);
create view contacts as select * from read_csv('{data}/crm/contacts/*.csv', all_varchar = true, header = true);
create view orders_as_written as select * from '{data}/shop/orders/*.parquet';
create view orders as
  select distinct o.*, p.customer_id as person from orders_as_written o
  left join persons p on p.id = o.customer where ordered_at < timestamp '2026-01-01';
create view order_lines as select * from '{data}/shop/order_lines/*.parquet';
create view invoices as select * from '{data}/finance/invoices/*.parquet';
create view payments as select * from read_csv('{data}/finance/payments/*.csv', all_varchar = true, header = true);
create view contracts as select * from read_csv('{data}/crm/contracts/*.csv', header = true);
create view deals as select * from read_csv('{data}/crm/opportunities/*.csv', all_varchar = true, header = true);
create view interactions as
  select *, try_cast("at" as timestamp) as happened_at from read_json('{data}/crm/interactions/*.jsonl',
  format = 'newline_delimited', columns = {{id: 'varchar', customer: 'varchar', "at": 'varchar', kind: 'varchar',
  channel: 'varchar', direction: 'varchar', employee: 'varchar', sku: 'varchar', outcome: 'varchar',
  minutes: 'integer', next_at: 'varchar', text: 'varchar'}});
create view usage as select * from '{data}/shelfwatch/usage/*.parquet';
create view feedback as select * from read_csv('{data}/care/feedback/*.csv', all_varchar = true, header = true);
create view products as select * from read_csv('{data}/shop/products.csv', all_varchar = true, header = true);
create view categories as select * from read_csv('{data}/shop/categories.csv', all_varchar = true, header = true);
create view costs as select * from '{data}/finance/costs/*.parquet';
create view rates as select * from read_csv('{data}/finance/exchange_rates.csv', header = true);
create view sold as
  select l.*, o.person, o.ordered_at, o.ordered_at::date as day, o.currency, o.contract, c.Category as category,
    l.amount * coalesce(r.Rate, 1) as pesos
  from order_lines l join orders o using (order_no)
  left join products p on p.SKU = l.sku left join categories c on c.Code = p.CategoryCode
  left join rates r on r.Currency = o.currency and r.Day = o.ordered_at::date;
"""


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Twenty thousand customers."""
    return generate(tmp_path_factory.mktemp("sibol") / "demo", customers=20_000, seed=7, end=END)


@pytest.fixture(scope="session")
def facts(company: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    """The company's exports, with twins as one person."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    persons = f"""
    create view truth as select * from '{company.folder}/truth/*.parquet';
    create view persons as select customer_id as id, customer_id from truth
      union all select twin_id, customer_id from truth where twin_id is not null;
    """
    connection.execute(persons + VIEWS.format(data=company.folder / "data"))
    yield connection
    connection.close()


def shop_accounts(folder: Path) -> list[list[str]]:
    """The web shop's accounts, which are in GB18030 with semicolons."""
    text = "".join(
        path.read_bytes().decode("gb18030") for path in sorted((folder / "data" / "shop" / "accounts").iterdir())
    )
    return [[cell.strip('"') for cell in line.split(";")] for line in text.splitlines()]
