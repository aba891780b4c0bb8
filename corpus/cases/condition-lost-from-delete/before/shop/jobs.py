from shop.models import Session, User


def forget_left(session: Session) -> int:
    return session.query(User).filter(User.left_at < cutoff()).delete()
