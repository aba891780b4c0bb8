from azure_mgmt_sql import Client1


class Worker1:
    def __init__(self, client):
        self.client = client

    def refresh(self, name):
        record = self.client.get(name)
        record.touch()
        return record
