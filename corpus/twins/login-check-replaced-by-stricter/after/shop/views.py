from shop.auth import permission_required


@permission_required("orders.export")
def export_orders(request):
    return stream(request.user)
