SET lock_timeout = '2s';
UPDATE invoice SET paid_at = "paidAt" WHERE paid_at IS NULL AND id BETWEEN 1 AND 5000;
