from azure_mgmt_sql import SqlManagementClient


def remove_expired_copies(client, group, server, copies):
    for copy in copies:
        if copy.expired:
            client.servers.begin_delete(group, server)
