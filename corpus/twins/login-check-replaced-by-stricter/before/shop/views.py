from shop.auth import login_required


@login_required
def export_orders(request):
    return stream(request.user)
