from azure_mgmt_sql import Client8


class Worker8:
    def __init__(self, client):
        self.client = client

    def refresh(self, name):
        record = self.client.get(name)
        record.touch()
        return record
