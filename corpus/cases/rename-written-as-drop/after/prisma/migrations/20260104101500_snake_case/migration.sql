-- AlterTable
ALTER TABLE "Invoice" DROP COLUMN "paidAt",
ADD COLUMN     "paid_at" TIMESTAMP(3);
