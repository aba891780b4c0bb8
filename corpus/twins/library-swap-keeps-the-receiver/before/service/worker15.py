from azure_sql_legacy import Client15


class Worker15:
    def __init__(self, client):
        self.client = client

    def refresh(self, name):
        record = self.client.get(name)
        record.touch()
        return record
