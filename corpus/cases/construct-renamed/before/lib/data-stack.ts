import { Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';

export interface DataProps extends StackProps {
  vpc: ec2.IVpc;
}

export class DataStack extends Stack {
  constructor(scope: Construct, id: string, props: DataProps) {
    super(scope, id, props);
    const instance = new rds.DatabaseInstance(this, 'Db', {
      vpc: props.vpc,
      engine: rds.DatabaseInstanceEngine.POSTGRES,
      allocatedStorage: 200,
      backupRetention: Duration.days(14),
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    instance.connections.allowDefaultPortInternally();
  }
}
