from azure_mgmt_sql import Client11


class Worker11:
    def __init__(self, client):
        self.client = client

    def refresh(self, name):
        record = self.client.get(name)
        record.touch()
        return record
