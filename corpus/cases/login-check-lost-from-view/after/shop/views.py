def export_orders(request):
    return stream(request.user)
