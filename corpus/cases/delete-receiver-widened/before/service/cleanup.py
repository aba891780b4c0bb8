from azure_sql_legacy import SqlClient


def remove_expired_copies(client, group, server, copies):
    for copy in copies:
        if copy.expired:
            client.databases.begin_delete(group, server, copy.name)
