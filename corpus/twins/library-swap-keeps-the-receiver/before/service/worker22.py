from azure_sql_legacy import Client22


class Worker22:
    def __init__(self, client):
        self.client = client

    def refresh(self, name):
        record = self.client.get(name)
        record.touch()
        return record
